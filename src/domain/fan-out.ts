import type { Group } from "../../protocol/frames.ts";
import type { Delivery, DeliveryOptions } from "./delivery.ts";
import type { Clock, ConnectionStore } from "./ports.ts";
import { type DeliverySummary, noOutcomes } from "./receipt.ts";
import { readTargets } from "./targets.ts";

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
    const onMissing = () => {
      complete = false;
    };
    const targets = readTargets(this.#store, this.#clock, group, { ...options, onMissing });
    await this.#delivery.deliverToAll(except(targets, options.except), text, options, (outcome) => {
      outcomes[outcome] += 1;
    });
    return { outcomes, complete };
  }
}

async function* except(
  targets: AsyncIterable<string>,
  excepted: string | undefined,
): AsyncGenerator<string> {
  for await (const target of targets) {
    if (target !== excepted) {
      yield target;
    }
  }
}
