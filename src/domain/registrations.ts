import { type Connection, isLive } from "./connection.ts";
import type { DeliveryOptions } from "./delivery.ts";
import type { Clock, ConnectionStore } from "./ports.ts";

/**
 * What the store has of a connection.
 *
 * - `live`: its registration.
 * - `missing`: it has none, or one that has ended.
 * - `unreadable`: the store failed.
 */
export type Registration =
  | { readonly kind: "live"; readonly connection: Connection }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable" };

/** The live registrations: one that has ended counts for nothing, even while it is still in the store. */
export class Registrations {
  readonly #store: ConnectionStore;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Reads the registration of a connection in one consistent read. Never throws: a failure goes to `onFailure`. */
  async find(
    connectionId: string,
    { deadline, onFailure }: DeliveryOptions,
  ): Promise<Registration> {
    let connection: Connection | undefined;
    try {
      connection = await this.#store.find(connectionId, deadline);
    } catch (failure) {
      onFailure(failure);
      return { kind: "unreadable" };
    }
    return connection !== undefined && isLive(connection, this.#clock())
      ? { kind: "live", connection }
      : { kind: "missing" };
  }
}
