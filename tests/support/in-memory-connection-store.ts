import { setImmediate } from "node:timers/promises";
import type { Group } from "../../protocol/frames.ts";
import type { Connection } from "../../src/domain/connection.ts";
import type { ConnectionStore } from "../../src/domain/ports.ts";

/** Connections in one page: few, so that a test needs few for several pages. */
const PAGE = 3;

/**
 * A connection store that remembers only as long as the test runs, and can be made to fail. Like a real one it takes its
 * time: a caller that does not wait for a call does not see what it did.
 */
export class InMemoryConnectionStore implements ConnectionStore {
  readonly connections = new Map<string, Connection>();
  /** While set, every call rejects with it. */
  failure: Error | undefined;
  /** The times by which calls had to be answered, in their order. */
  readonly deadlines: number[] = [];
  readonly #now: () => number;

  /** @param now the time by which it decides whether a deadline is over */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** How many pages of groups were asked for. */
  pages = 0;

  async add(connection: Connection): Promise<void> {
    await this.#turn();
    this.connections.set(connection.connectionId, connection);
  }

  async find(connectionId: string, deadline: number): Promise<Connection | undefined> {
    await this.#turn(deadline);
    return this.connections.get(connectionId);
  }

  async *findAll(group: Group, deadline: number): AsyncGenerator<readonly Connection[]> {
    const members = [...this.connections.values()].filter((connection) =>
      "user" in group ? connection.user === group.user : connection.channel === group.channel,
    );
    do {
      this.pages += 1;
      await this.#turn(deadline);
      yield members.splice(0, PAGE);
    } while (members.length > 0);
  }

  async remove(connectionId: string, deadline?: number): Promise<void> {
    await this.#turn(deadline);
    this.connections.delete(connectionId);
  }

  async #turn(deadline?: number): Promise<void> {
    await setImmediate();
    if (deadline !== undefined) {
      this.deadlines.push(deadline);
      if (deadline < this.#now()) {
        throw new Error("There is no time left.");
      }
    }
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }
}
