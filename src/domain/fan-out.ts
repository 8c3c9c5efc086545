import type { Group } from "../../protocol/frames.ts";
import { isLive } from "./connection.ts";
import type { Delivery, DeliveryOptions } from "./delivery.ts";
import type { Clock, ConnectionStore } from "./ports.ts";
import { type DeliverySummary, noOutcomes } from "./receipt.ts";

/** Options of one fan-out: `except` is a connection that does not receive the text. */
interface FanOutOptions extends DeliveryOptions {
  readonly except: string | undefined;
}

/** Takes one text to every connection of a group, however many there are. */
export class FanOut {
  readonly #store: ConnectionStore;
  readonly #delivery: Delivery;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, delivery: Delivery, clock: Clock) {
    this.#store = store;
    this.#delivery = delivery;
    this.#clock = clock;
  }

  /**
   * Delivers `text` to the group's connections except one, before the deadline. Reads the next page of them while it
   * delivers to the last, so that a large group takes no more memory than a small one, except for the ids of those
   * that need a second try. Never throws: the summary is incomplete when some were not found or tried in time.
   */
  async deliver(text: string, group: Group, options: FanOutOptions): Promise<DeliverySummary> {
    const outcomes = noOutcomes();
    let complete = true;
    const targets = this.#targets(group, options, () => {
      complete = false;
    });
    await this.#delivery.deliverToAll(targets, text, options, (outcome) => {
      outcomes[outcome] += 1;
    });
    return { outcomes, complete };
  }

  /** The ids of the group's live connections, as long as there is time; `onMissing` if some remain. */
  async *#targets(
    group: Group,
    { deadline, onFailure, except }: FanOutOptions,
    onMissing: () => void,
  ): AsyncGenerator<string> {
    try {
      for await (const page of readAhead(this.#store.findAll(group, deadline))) {
        for (const connection of page) {
          if (this.#clock() >= deadline) {
            return onMissing();
          }
          if (isLive(connection, this.#clock()) && connection.connectionId !== except) {
            yield connection.connectionId;
          }
        }
      }
    } catch (failure) {
      onFailure(failure);
      onMissing();
    }
  }
}

/** The items of `source`, each of which is asked for as soon as the one before is handed out. */
async function* readAhead<Item>(source: AsyncIterable<Item>): AsyncGenerator<Item> {
  const items = source[Symbol.asyncIterator]();
  let next = items.next();
  for (;;) {
    const { done, value } = await next;
    if (done === true) {
      return;
    }
    next = items.next();
    // A failure is thrown when its turn comes. When the reader stops before, it must not count as unhandled.
    next.catch(() => undefined);
    yield value;
  }
}
