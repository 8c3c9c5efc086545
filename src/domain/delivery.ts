import type { DeliveryOutcome } from "./delivery-outcome.ts";
import type { Clock } from "./ports/clock.ts";
import type { ConnectionStore } from "./ports/connection-store.ts";
import type { MessageSender } from "./ports/message-sender.ts";
import type { Terms } from "./terms.ts";

/**
 * How long a connection that API Gateway calls gone keeps its registration, in milliseconds after it was made. API
 * Gateway says the same of a connection whose `$connect` is still completing, and that one will live.
 *
 * @see https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const GONE_GRACE = 30_000;

/** Takes texts to connections, and forgets those that turn out to be gone. */
export class Delivery {
  readonly #store: ConnectionStore;
  readonly #sender: MessageSender;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, sender: MessageSender, clock: Clock) {
    this.#store = store;
    this.#sender = sender;
    this.#clock = clock;
  }

  /**
   * Delivers `text` to one connection, by the time of its terms. Never throws: what went wrong on our side is handed to
   * `onFailure`, and the outcome says what it means for the message.
   */
  async deliver(connectionId: string, text: string, terms: Terms): Promise<DeliveryOutcome> {
    const outcome = await this.#send(connectionId, text, terms);
    if (outcome === "gone") {
      await this.#forget(connectionId, terms);
    }
    return outcome;
  }

  async #send(connectionId: string, text: string, terms: Terms): Promise<DeliveryOutcome> {
    try {
      return await this.#sender.send(connectionId, text, terms.until);
    } catch (failure) {
      terms.onFailure(failure);
      return "failed";
    }
  }

  async #forget(connectionId: string, { until, onFailure }: Terms): Promise<void> {
    try {
      const time = this.#clock() - GONE_GRACE;
      await this.#store.removeRegisteredBefore(time, connectionId, until);
    } catch (failure) {
      // The registration ends by itself later; the message's own outcome stands.
      onFailure(failure);
    }
  }
}
