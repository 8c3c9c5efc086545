/** More refused messages than this within the window, in milliseconds, end a connection: our own choice. */
const MAX_REFUSALS = 100;
const WINDOW = 10_000;

/**
 * Remembers the messages that were refused as too many, for each connection as long as it is used. AWS documents that a
 * client which sends too much is closed with 1008, but not when: here it is the 101st refusal within 10 seconds.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
export class RefusedMessages {
  readonly #clock: () => number;
  readonly #refusedAt = new WeakMap<object, number[]>();

  /** @param clock in milliseconds; only differences count */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Counts one more refused message of a connection; true when there are too many now. */
  add(connection: object): boolean {
    const now = this.#clock();
    const recent = this.#refusedAt.get(connection)?.filter((time) => now - time < WINDOW) ?? [];
    recent.push(now);
    this.#refusedAt.set(connection, recent);
    return recent.length > MAX_REFUSALS;
  }
}
