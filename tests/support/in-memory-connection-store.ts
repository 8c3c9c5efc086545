import { setImmediate } from "node:timers/promises";
import type { Connection } from "../../src/domain/connection.ts";
import type { Group } from "../../src/domain/group.ts";
import type { ConnectionStore } from "../../src/domain/ports/connection-store.ts";

/** Connections in one page: few, so that a test needs few for several pages. */
const PAGE = 3;

/**
 * A connection store that remembers only as long as the test runs, and can be made to fail. Like a real one it takes its
 * time: whoever does not wait for a call does not see what it did.
 */
export class InMemoryConnectionStore implements ConnectionStore {
  readonly connections = new Map<string, Connection>();
  /** While set, every call rejects with it. */
  failure: Error | undefined;
  /** How many pages of groups were asked for. */
  pages = 0;

  async add(connection: Connection): Promise<void> {
    await this.#turn();
    this.connections.set(connection.connectionId, connection);
  }

  async find(connectionId: string): Promise<Connection | undefined> {
    await this.#turn();
    return this.connections.get(connectionId);
  }

  async *findAll(group: Group): AsyncGenerator<readonly Connection[]> {
    const members = [...this.connections.values()].filter((connection) =>
      "user" in group ? connection.user === group.user : connection.channel === group.channel,
    );
    do {
      this.pages += 1;
      await this.#turn();
      yield members.splice(0, PAGE);
    } while (members.length > 0);
  }

  async remove(connectionId: string): Promise<void> {
    await this.#turn();
    this.connections.delete(connectionId);
  }

  async removeRegisteredBefore(time: number, connectionId: string): Promise<void> {
    await this.#turn();
    const connection = this.connections.get(connectionId);
    if (connection !== undefined && connection.registeredAt < time) {
      this.connections.delete(connectionId);
    }
  }

  async #turn(): Promise<void> {
    await setImmediate();
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }
}
