import { setImmediate } from "node:timers/promises";
import type { Connection } from "../../src/domain/connection.ts";
import type { ConnectionStore } from "../../src/domain/ports/connection-store.ts";

/**
 * A connection store that remembers only as long as the test runs, and can be made to fail. Like a real one it takes its
 * time: whoever does not wait for a call does not see what it did.
 */
export class InMemoryConnectionStore implements ConnectionStore {
  readonly connections = new Map<string, Connection>();
  /** While set, every call rejects with it. */
  failure: Error | undefined;

  async add(connection: Connection): Promise<void> {
    await this.#turn();
    this.connections.set(connection.connectionId, connection);
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
