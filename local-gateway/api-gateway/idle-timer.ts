/**
 * Reports once that a connection had no traffic for a time. Messages and posts are traffic, pings are not.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
export class IdleTimer {
  readonly #timer: NodeJS.Timeout;

  /** @param timeout in seconds */
  constructor(timeout: number, onIdle: () => void) {
    this.#timer = setTimeout(onIdle, timeout * 1000);
  }

  /** Starts the time anew. */
  touch(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
