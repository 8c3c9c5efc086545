import type { Group } from "../../protocol/frames.ts";
import { isLive } from "./connection.ts";
import type { Delivery, Terms } from "./delivery.ts";
import type { Clock, ConnectionStore } from "./ports.ts";
import { noOutcomes, type Tally } from "./receipt.ts";

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
   * Delivers `text` to the group's connections except one, by the time of its terms. Reads the next page of them while
   * it delivers to the last, so that a large group takes no more memory than a small one, except for the ids of those
   * who need a second try. Never throws: what is not found or tried in time makes the tally incomplete.
   */
  async deliver(
    text: string,
    group: Group,
    terms: Terms & { readonly except: string | undefined },
  ): Promise<Tally> {
    const outcomes = noOutcomes();
    let complete = true;
    const targets = this.#targets(group, terms, () => {
      complete = false;
    });
    await this.#delivery.deliverToAll(targets, text, terms, (outcome) => {
      outcomes[outcome] += 1;
    });
    return { outcomes, complete };
  }

  /** The ids of those who are to receive the text, as long as there is time; `onMissing` if some remain. */
  async *#targets(
    group: Group,
    { until, onFailure, except }: Terms & { readonly except: string | undefined },
    onMissing: () => void,
  ): AsyncGenerator<string> {
    try {
      for await (const page of readAhead(this.#store.findAll(group, until))) {
        for (const connection of page) {
          if (this.#clock() >= until) {
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
    // A failure is dealt with when its turn comes, and nobody asks any more if that never does.
    next.catch(() => undefined);
    yield value;
  }
}
