import type { ConnectionStore } from "../ports.ts";

/** A client has gone: the relay forgets it. */
export class Disconnect {
  readonly #store: ConnectionStore;

  constructor(store: ConnectionStore) {
    this.#store = store;
  }

  /** Removes the registration; an unknown connection is no error. Rejects if the store fails. */
  async execute(input: { readonly connectionId: string }): Promise<void> {
    await this.#store.remove(input.connectionId);
  }
}
