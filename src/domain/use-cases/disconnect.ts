import type { ConnectionStore } from "../ports.ts";

/** A client has gone: the relay forgets it. */
export class Disconnect {
  readonly #store: ConnectionStore;

  constructor(store: ConnectionStore) {
    this.#store = store;
  }

  /** Forgets the connection, known or not, and resolves with the farewell. Rejects if the store fails. */
  async execute(input: { readonly connectionId: string }): Promise<string> {
    await this.#store.remove(input.connectionId);
    return "Disconnected! Good-bye WebSocket App!";
  }
}
