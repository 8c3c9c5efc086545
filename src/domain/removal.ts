import { isLive } from "./connection.ts";
import type { DeliveryOptions } from "./delivery.ts";
import type { Clock, ConnectionStore } from "./ports.ts";
import type { Presence } from "./presence.ts";

/** Removes connections that are gone, and notifies those who asked that they have left their channels. */
export class Removal {
  readonly #store: ConnectionStore;
  readonly #presence: Presence;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, presence: Presence, clock: Clock) {
    this.#store = store;
    this.#presence = presence;
    this.#clock = clock;
  }

  /** Removes a connection with its memberships; an unknown one is no error. Rejects if the store fails. */
  async remove(connectionId: string, options: DeliveryOptions): Promise<void> {
    const memberships = await this.#store.remove(connectionId, options.deadline);
    // Watchers drop by themselves what has expired.
    const ended = memberships.filter((it) => isLive(it, this.#clock()));
    await this.#presence.notify("left", ended, options);
  }
}
