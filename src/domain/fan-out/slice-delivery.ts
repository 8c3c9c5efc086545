import type { Delivery, DeliveryOptions } from "../delivery.ts";
import { RelayFailure } from "../failures.ts";
import type { Clock, Wait } from "../ports.ts";
import { type DeliverySummary, noOutcomes } from "../receipt.ts";
import { postingTime } from "./large-fan-out.ts";
import type { FanOutStore, Slice } from "./ports.ts";

/** What slices are delivered with. */
interface SliceParts {
  readonly fanOuts: FanOutStore;
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly wait: Wait;
}

/** How late the posts of a slice may begin and still have their time, in milliseconds. */
const TOLERANCE = 100;
/** The time that is kept back for the report, in milliseconds. */
const REPORT_TIME = 1500;

/** Delivers the slices of large messages. */
export class SliceDelivery {
  readonly #parts: SliceParts;
  readonly #perSecond: number;

  /** `perSecond` is how many posts a second all large messages together make. */
  constructor(parts: SliceParts, perSecond: number) {
    this.#parts = parts;
    this.#perSecond = perSecond;
  }

  /**
   * Delivers a slice at its time, at the pace of all large messages, and reports what became of it. Undefined if it was too
   * late: then nothing was posted. Never throws.
   */
  async deliver(slice: Slice, options: DeliveryOptions): Promise<DeliverySummary | undefined> {
    const { fanOuts, delivery, clock } = this.#parts;
    const { onFailure } = options;
    const { message, after, ids } = slice;
    const deadline = Math.min(options.deadline, slice.expiresAt) - REPORT_TIME;
    try {
      const startAt = await this.#startOf(slice, deadline);
      if (startAt === undefined || clock() >= deadline) {
        throw new RelayFailure("SLICE_EXPIRED", "A part of a large message came too late.");
      }
      const outcomes = noOutcomes();
      const onMissed = () => {
        outcomes.failed += 1;
      };
      const paced = this.#paced(ids, startAt, deadline, onMissed);
      await delivery.deliverToAll(paced, message.text, { ...options, deadline }, (outcome) => {
        outcomes[outcome] += 1;
      });
      await fanOuts.report(message.key, { after, outcomes }, options.deadline);
      return { outcomes, complete: true };
    } catch (failure) {
      onFailure(failure);
      return undefined;
    }
  }

  /** When its posts begin: as it was planned, or as soon as others leave time for them. */
  async #startOf({ ids, startAt }: Slice, deadline: number): Promise<number | undefined> {
    const { fanOuts, clock } = this.#parts;
    const now = clock();
    if (now <= startAt + TOLERANCE) {
      return startAt;
    }
    const length = postingTime(ids, this.#perSecond);
    return await fanOuts.takeSlot({ length, earliest: now, latest: deadline - length }, deadline);
  }

  /** Each id at its time; those that have none before the deadline go to `onMissed`. */
  async *#paced(
    ids: readonly string[],
    startAt: number,
    deadline: number,
    onMissed: () => void,
  ): AsyncGenerator<string> {
    const { clock, wait } = this.#parts;
    for (const [index, id] of ids.entries()) {
      const due = Math.min(deadline, startAt + (index * 1000) / this.#perSecond);
      const early = due - clock();
      if (early > 0) {
        await wait(early);
      }
      if (clock() < deadline) {
        yield id;
      } else {
        onMissed();
      }
    }
  }
}
