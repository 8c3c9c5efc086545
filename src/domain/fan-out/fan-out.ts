import type { Group } from "../../../protocol/frames.ts";
import type { Delivery, DeliveryOptions } from "../delivery.ts";
import type { Clock, ConnectionStore } from "../ports.ts";
import { type DeliverySummary, noOutcomes } from "../receipt.ts";
import { readTargets } from "../targets.ts";
import type { LargeFanOut } from "./large-fan-out.ts";
import type { LargeMessage } from "./ports.ts";

/** The connections of a group, or that there are more of them than one invocation delivers to. */
export type Targets = Pick<LargeMessage, "to" | "except"> &
  (
    | { readonly isLarge: true }
    | { readonly isLarge: false; readonly ids: readonly string[]; readonly complete: boolean }
  );

/** What a fan-out is made of. */
interface FanOutParts {
  readonly store: ConnectionStore;
  readonly clock: Clock;
  readonly delivery: Delivery;
  readonly large: LargeFanOut;
}

/** Takes one text to every connection of a group, however many there are. */
export class FanOut {
  readonly #parts: FanOutParts;
  readonly #ownTargets: number;

  /** To more than `ownTargets` connections, `large` of the parts delivers. */
  constructor(parts: FanOutParts, ownTargets: number) {
    this.#parts = parts;
    this.#ownTargets = ownTargets;
  }

  /**
   * Reads the group's connections but `except`, as long as there is time and they are not too many. Never throws: they are
   * not complete when some could not be read.
   */
  async read(to: Group, except: string | undefined, options: DeliveryOptions): Promise<Targets> {
    const ids: string[] = [];
    let complete = true;
    const onMissing = () => {
      complete = false;
    };
    for await (const id of readTargets(this.#parts, to, { ...options, except }, onMissing)) {
      ids.push(id);
      if (ids.length > this.#ownTargets) {
        return { to, except, isLarge: true };
      }
    }
    return { to, except, isLarge: false, ids, complete };
  }

  /**
   * Delivers `text` to the targets before the deadline. `key` names the delivery, if it is run again. Never throws: the
   * summary is incomplete when some were not found, or are not known to have been tried in time.
   */
  async deliver(
    key: string,
    text: string,
    targets: Targets,
    options: DeliveryOptions,
  ): Promise<DeliverySummary> {
    if (targets.isLarge) {
      const { to, except } = targets;
      return await this.#parts.large.deliver({ key, to, except, text }, options);
    }
    const outcomes = noOutcomes();
    await this.#parts.delivery.deliverToAll(targets.ids, text, options, (outcome) => {
      outcomes[outcome] += 1;
    });
    return { outcomes, complete: targets.complete };
  }
}
