import type { Positions, RelayClient } from "../client/index.ts";

/**
 * Where somebody is in the channels of a relay, kept as long as the browser's tab: a page that is loaded again goes on
 * there. Without history, or without the browser's storage, there is nothing to keep.
 */
export class StoredPositions {
  readonly #key: string;

  constructor(url: string, user: string) {
    this.#key = `positions ${url} ${user}`;
  }

  read(): Positions | null {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key) ?? "null");
    } catch {
      return null;
    }
  }

  /** Writes it down after each message, together with which the page shows it. */
  follow(client: RelayClient): void {
    const write = () => {
      try {
        sessionStorage.setItem(this.#key, JSON.stringify(client.positions()));
      } catch {
        // The storage is full, or the browser allows none.
      }
    };
    client.on("message", write);
    client.on("gap", write);
  }
}
