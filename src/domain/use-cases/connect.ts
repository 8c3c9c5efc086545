import type { Clock } from "../ports/clock.ts";
import type { ConnectionStore } from "../ports/connection-store.ts";

/**
 * How long a registration is kept, in seconds: the two hours that API Gateway lets a connection live, and ten minutes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const TIME_TO_LIVE = 2 * 60 * 60 + 10 * 60;

/** A client connects: the relay registers it. */
export class Connect {
  readonly #store: ConnectionStore;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Registers the connection and resolves with the greeting. Rejects, with nothing registered, if the store fails. */
  async execute(input: { readonly connectionId: string }): Promise<string> {
    const { connectionId } = input;
    const registeredAt = this.#clock();
    const expiresAt = Math.floor(registeredAt / 1000) + TIME_TO_LIVE;
    try {
      await this.#store.add({ connectionId, registeredAt, expiresAt });
    } catch (failure) {
      // A write that was never answered may have been made, and this connection will not come to be.
      await this.#store.remove(connectionId).catch(() => undefined);
      throw failure;
    }
    return "Connected! Hello WebSocket App!";
  }
}
