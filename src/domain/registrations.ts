import { type Connection, isLive } from "./connection.ts";
import type { Terms } from "./delivery.ts";
import type { Clock, ConnectionStore } from "./ports.ts";

/** The live registrations: one that has ended counts for nothing, even while it is still in the store. */
export class Registrations {
  readonly #store: ConnectionStore;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * The live registration of a connection, in one consistent read; `missing` if it has none, `unreadable` if the store
   * failed. Never throws: what failed is handed to `onFailure`.
   */
  async find(
    connectionId: string,
    { until, onFailure }: Terms,
  ): Promise<Connection | "missing" | "unreadable"> {
    let connection: Connection | undefined;
    try {
      connection = await this.#store.find(connectionId, until);
    } catch (failure) {
      onFailure(failure);
      return "unreadable";
    }
    return connection !== undefined && isLive(connection, this.#clock()) ? connection : "missing";
  }
}
