import type { Connection } from "../../src/domain/connection.ts";
import type { ConnectionStore } from "../../src/domain/ports/connection-store.ts";

/** A connection store that remembers only as long as the test runs, and can be made to fail. */
export class InMemoryConnectionStore implements ConnectionStore {
  readonly connections = new Map<string, Connection>();
  /** While set, every call rejects with it. */
  failure: Error | undefined;

  async add(connection: Connection): Promise<void> {
    this.#failIfAsked();
    this.connections.set(connection.connectionId, connection);
  }

  async remove(connectionId: string): Promise<void> {
    this.#failIfAsked();
    this.connections.delete(connectionId);
  }

  async removeRegisteredBefore(time: number, connectionId: string): Promise<void> {
    this.#failIfAsked();
    const connection = this.connections.get(connectionId);
    if (connection !== undefined && connection.registeredAt < time) {
      this.connections.delete(connectionId);
    }
  }

  #failIfAsked(): void {
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }
}
