import type { Group } from "../../../protocol/frames.ts";
import type { DeliverySummary } from "../receipt.ts";

/** A message with more targets than one invocation delivers to, as every part of its delivery has it. */
export interface LargeMessage {
  /** Names this delivery: the same whenever the invocation that took the message is run again. */
  readonly key: string;
  readonly to: Group;
  /** A connection that does not receive it. */
  readonly except: string | undefined;
  /** Its envelope. */
  readonly text: string;
}

/** Some targets of a large message, in the order of their ids. Times are in milliseconds since 1970. */
export interface Slice {
  readonly kind: "slice";
  readonly message: LargeMessage;
  /** The last target before these, empty before the first one. It names the slice among those of its message. */
  readonly after: string;
  readonly ids: readonly string[];
  /** When its posts begin. */
  readonly startAt: number;
  /** From then on nothing is done for it. */
  readonly expiresAt: number;
}

/** The targets of a large message that have not been handed out yet. */
export interface Rest {
  readonly kind: "rest";
  readonly message: LargeMessage;
  /** How many invocations have handed the rest on, this one included. */
  readonly depth: number;
}

/**
 * Runs parts of a delivery later, in other invocations. A part runs once as a rule; it may also run twice, even at the same
 * time, or never, and parts run in any order.
 */
export interface JobQueue {
  /** Resolves when the part will run. Rejects when nobody knows that, also when it is not clear by the `deadline`. */
  add(job: Slice | Rest, deadline: number): Promise<void>;
}

/** How far the targets of a message have been handed out. */
export interface Progress {
  /** The last target of those handed out. */
  readonly after: string;
  /** How many they are. */
  readonly targets: number;
}

/** What became of one slice: how many of its deliveries ended in which way, under its name. */
export interface SliceReport {
  readonly after: string;
  readonly outcomes: DeliverySummary["outcomes"];
}

/**
 * What the parts of large deliveries know of each other. Every method sees at once what was written before, and rejects when
 * it has not ended by the `deadline` (milliseconds since 1970): then nobody knows what was written. What is written stays for
 * a few minutes at least.
 */
export interface FanOutStore {
  /**
   * Takes the next free `length` milliseconds of the one line of time that all large messages share, from `earliest` on, and
   * returns when they begin. No two that were taken overlap. Undefined, with nothing taken, if they would begin after
   * `latest`; now and then also while others take theirs.
   */
  takeSlot(
    slot: { readonly length: number; readonly earliest: number; readonly latest: number },
    deadline: number,
  ): Promise<number | undefined>;

  /** How far the delivery has come; undefined if nothing was handed out. */
  findProgress(key: string, deadline: number): Promise<Progress | undefined>;

  /** Notes how far the delivery has come, in place of what was noted before. */
  saveProgress(key: string, progress: Progress, deadline: number): Promise<void>;

  /** Adds what became of a slice. If there is a report of it already, that one stays. */
  report(key: string, report: SliceReport, deadline: number): Promise<void>;

  /** Every report of the delivery, in the order of the slices. */
  findReports(key: string, deadline: number): Promise<readonly SliceReport[]>;
}
