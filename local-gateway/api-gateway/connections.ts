import type { DisconnectCause } from "../observation.ts";
import type { Connection } from "./connection.ts";

/** The connections of one API, each from the completed upgrade to the close of its socket. */
export class Connections {
  readonly #connections = new Map<string, Connection>();
  readonly #waiting = new Set<() => void>();

  get size(): number {
    return this.#connections.size;
  }

  values(): Iterable<Connection> {
    return this.#connections.values();
  }

  add(connection: Connection): void {
    this.#connections.set(connection.details.connectionId, connection);
  }

  /** Forgets a connection whose socket has closed; an unknown one is not an error. */
  remove(connection: Connection): void {
    this.#connections.delete(connection.details.connectionId);
    if (this.size > 0) {
      return;
    }
    for (const resume of this.#waiting) {
      resume();
    }
    this.#waiting.clear();
  }

  /** Resolves as soon as there is no connection. */
  async empty(): Promise<void> {
    if (this.size > 0) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /**
   * The connection that the management API can reach under this id. Undefined while its `$connect` runs, and from the
   * moment when it begins to close.
   *
   * @see https://repost.aws/knowledge-center/410-gone-api-gateway
   */
  reachable(connectionId: string): Connection | undefined {
    const connection = this.#connections.get(connectionId);
    return connection?.open ? connection : undefined;
  }

  closeAll(cause: DisconnectCause): void {
    for (const connection of this.#connections.values()) {
      connection.close(cause);
    }
  }

  terminateAll(): void {
    for (const connection of this.#connections.values()) {
      connection.terminate();
    }
  }
}
