import { isLive } from "../connection.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { attempt, RelayFailure } from "../failures.ts";
import type { Clock, ConnectionStore, Wait } from "../ports.ts";
import { type DeliverySummary, noOutcomes } from "../receipt.ts";
import { readAhead } from "../targets.ts";
import type { FanOutStore, JobQueue, LargeMessage, Progress, Rest, SliceReport } from "./ports.ts";

/** What large messages are handed out with. */
interface LargeFanOutParts {
  readonly store: Pick<ConnectionStore, "findAll">;
  readonly fanOuts: FanOutStore;
  readonly jobs: JobQueue;
  readonly clock: Clock;
  readonly wait: Wait;
}

/** How many targets one invocation delivers to by itself, and how many a slice of a large message has. */
export interface FanOutSizes {
  readonly ownTargets: number;
  readonly sliceTargets: number;
}

/**
 * The sizes of fan-outs in a deployed system. A message lasts longer than its pace allows by what one invocation takes for a
 * slice: with 512 MB a second for 500 targets, which a channel of 10,000 would notice.
 */
export const FAN_OUT_SIZES: FanOutSizes = { ownTargets: 1000, sliceTargets: 250 };

/** The sizes and the pace of fan-outs. */
export interface FanOutSettings extends FanOutSizes {
  /** How many posts a second all large messages together make. */
  readonly perSecond: number;
}

/** How long before its posts a slice is handed out at least, and at most, in milliseconds: an invocation has to start. */
const SHORTEST_LEAD = 500;
const LONGEST_LEAD = 1000;
/** How long after it was made a slice expires, in milliseconds. */
const SLICE_LIFETIME = 60_000;
/** The time that is kept back for handing over the rest, and for the last reports, in milliseconds. */
const HAND_OVER_TIME = 2000;
/** How often the rest is handed over. At 2,000 posts a second that takes half an hour. */
const MAX_DEPTH = 100;
/** How many calls may fail in one invocation, and the wait after each, in milliseconds. */
const MAX_FAILED_CALLS = 5;
const WAIT_AFTER_FAILURE = 200;
/** The time between two looks at the reports, in milliseconds. */
const REPORT_INTERVAL = 250;

const NOTHING: Progress = { after: "", targets: 0 };
/** Says that the time for handing out is over. */
const NO_TIME = Symbol("no time");

/** Hands the targets of large messages out to other invocations, in slices, and collects what became of them. */
export class LargeFanOut {
  readonly #parts: LargeFanOutParts;
  readonly #settings: FanOutSettings;

  constructor(parts: LargeFanOutParts, settings: FanOutSettings) {
    this.#parts = parts;
    this.#settings = settings;
  }

  /**
   * Delivers a message, and returns what was reported before the deadline. Run again for the same message it goes on where it
   * was. Never throws.
   */
  async deliver(message: LargeMessage, options: DeliveryOptions): Promise<DeliverySummary> {
    const handedOut = await this.#handOut(message, 0, options);
    const reports = await this.#collect(message.key, handedOut, options);
    const outcomes = noOutcomes();
    for (const report of reports) {
      for (const outcome of Object.keys(outcomes) as (keyof typeof outcomes)[]) {
        outcomes[outcome] += report.outcomes[outcome];
      }
    }
    const left = handedOut.targets - targetsOf(reports);
    const complete = handedOut.rest === "none" && left === 0;
    // Where nothing was handed out, nothing is under way that could be reported.
    const isLost = handedOut.rest === "lost" && handedOut.targets === 0;
    const pending = complete || isLost ? {} : { pending: Math.max(0, left) };
    return { outcomes, complete, isLarge: true, ...pending };
  }

  /** Goes on with what an earlier invocation has left, or an earlier run of this one. Never throws. */
  async goOn({ message, depth }: Rest, options: DeliveryOptions): Promise<void> {
    await this.#handOut(message, depth, options);
  }

  /** Hands out what there is time for, and the rest to another invocation. */
  async #handOut(
    message: LargeMessage,
    depth: number,
    options: DeliveryOptions,
  ): Promise<Progress & { readonly rest: "none" | "handed over" | "lost" }> {
    const { fanOuts, clock, wait } = this.#parts;
    const end = options.deadline - HAND_OVER_TIME;
    let progress: Progress | undefined;
    for (let failed = 0; failed < MAX_FAILED_CALLS && clock() < end; failed += 1) {
      try {
        progress ??= (await fanOuts.findProgress(message.key, end)) ?? NOTHING;
        for await (const made of this.#handOutSlices(message, progress, end)) {
          progress = made;
          await fanOuts.saveProgress(message.key, made, end);
        }
        return { ...progress, rest: "none" };
      } catch (failure) {
        if (failure === NO_TIME) {
          break;
        }
        // It goes on after the last slice that was handed out.
        options.onFailure(failure);
        await wait(WAIT_AFTER_FAILURE);
      }
    }
    const handOver = () => this.#handOver(message, depth, options);
    const rest =
      clock() < options.deadline ? await attempt(options, handOver, "lost" as const) : "lost";
    return { ...(progress ?? NOTHING), rest };
  }

  /** Hands out one slice after the other, and yields how far that has come. Throws `NO_TIME` when the time for it is over. */
  async *#handOutSlices(
    message: LargeMessage,
    { after, targets }: Progress,
    end: number,
  ): AsyncGenerator<Progress> {
    const { fanOuts, jobs, clock, wait } = this.#parts;
    let last = after;
    let handedOut = targets;
    for await (const ids of this.#slices(message, after, end)) {
      const slot = {
        length: postingTime(ids, this.#settings.perSecond),
        earliest: clock() + SHORTEST_LEAD,
        latest: end + LONGEST_LEAD,
      };
      const startAt = await fanOuts.takeSlot(slot, end);
      if (startAt === undefined) {
        throw NO_TIME;
      }
      const early = startAt - LONGEST_LEAD - clock();
      if (early > 0) {
        await wait(early);
      }
      const expiresAt = clock() + SLICE_LIFETIME;
      await jobs.add({ kind: "slice", message, after: last, ids, startAt, expiresAt }, end);
      last = ids.at(-1) ?? last;
      handedOut += ids.length;
      yield { after: last, targets: handedOut };
    }
  }

  async #handOver(
    message: LargeMessage,
    depth: number,
    { deadline }: DeliveryOptions,
  ): Promise<"handed over"> {
    if (depth >= MAX_DEPTH) {
      throw new RelayFailure(
        "FAN_OUT_TOO_LONG",
        `The rest of a message was handed over ${MAX_DEPTH} times, and there is more of it.`,
      );
    }
    await this.#parts.jobs.add({ kind: "rest", message, depth: depth + 1 }, deadline);
    return "handed over";
  }

  async *#slices(
    { to, except }: LargeMessage,
    after: string,
    end: number,
  ): AsyncGenerator<readonly string[]> {
    const { store, clock } = this.#parts;
    let ids: string[] = [];
    for await (const page of readAhead(store.findAll(to, end, after))) {
      for (const connection of page) {
        if (connection.connectionId !== except && isLive(connection, clock())) {
          ids.push(connection.connectionId);
        }
        if (ids.length === this.#settings.sliceTargets) {
          yield ids;
          ids = [];
        }
      }
    }
    if (ids.length > 0) {
      yield ids;
    }
  }

  /** The reports of the slices that were handed out: of all of them, or of those that came in time. */
  async #collect(
    key: string,
    { after, targets }: Progress,
    { deadline, onFailure }: DeliveryOptions,
  ): Promise<readonly SliceReport[]> {
    const { fanOuts, clock, wait } = this.#parts;
    let reports: readonly SliceReport[] = [];
    for (;;) {
      try {
        const found = await fanOuts.findReports(key, deadline);
        // Those of the rest, which somebody else hands out, do not count here.
        reports = found.filter((report) => report.after < after);
      } catch (failure) {
        onFailure(failure);
      }
      if (targetsOf(reports) >= targets || clock() + REPORT_INTERVAL >= deadline) {
        return reports;
      }
      await wait(REPORT_INTERVAL);
    }
  }
}

/** How long the posts to so many targets take at a pace, in whole milliseconds. */
export function postingTime({ length }: readonly string[], perSecond: number): number {
  return Math.ceil((length * 1000) / perSecond);
}

function targetsOf(reports: readonly SliceReport[]): number {
  return reports.flatMap(({ outcomes }) => Object.values(outcomes)).reduce((a, b) => a + b, 0);
}
