import type { HistoryFrame, MessageFrame } from "../../protocol/frames.ts";
import { MAX_HISTORY_FRAME_BYTES } from "../../protocol/limits.ts";
import type { HistoryQuestion } from "./channel-messages.ts";
import type { DeliveryOptions } from "./delivery.ts";
import type {
  ChannelPosition,
  Clock,
  HistoryEntry,
  HistoryPage,
  KeptMessage,
  MessageHistory,
} from "./ports.ts";

/** How many entries one query reads. */
const PAGE = 25;
/** How long a number may be taken without a message before it is closed, in milliseconds. */
const TIME_TO_STORE = 3000;
/** How many numbers one answer closes at most, and how many queries it makes. */
const MAX_CLOSED = 25;
const MAX_PAGES = 40;

/** A number without an entry, and between which times it was taken. */
interface Hole {
  readonly takenAfter: number;
  readonly takenBefore: number;
}

/**
 * What there is at a number.
 *
 * - `entry`: a message, or for good none.
 * - `open`: nothing yet.
 * - `lost`: nothing any more, or so it may be.
 */
type Found =
  | { readonly kind: "entry"; readonly message: KeptMessage | undefined }
  | { readonly kind: "open" | "lost" };

/** An answer while it is made. */
interface Draft {
  readonly messages: MessageFrame[];
  upTo: number;
  more: boolean;
  gap: boolean;
  bytes: number;
  closed: number;
  /** Whether a number has been answered for, so that a gap can only follow in the next answer. */
  begun: boolean;
}

/** The entries of a page, and what they say about the numbers between them. */
interface Walk {
  readonly channel: string;
  readonly position: ChannelPosition;
  readonly entries: ReadonlyMap<number, HistoryEntry>;
  /** The page has every entry up to this number. */
  readonly end: number;
  holeAt(sequence: number): Hole;
  /** The first number from `sequence` on that is kept; undefined if there is none on the page. */
  nextKept(sequence: number): number | undefined;
}

/**
 * Reads the messages of channels, and closes the numbers that were taken in vain. A number is closed by storing an empty
 * entry at it, which no message can replace: so whatever is still under way, no message appears below what was answered.
 */
export class HistoryReader {
  readonly #history: MessageHistory;
  readonly #clock: Clock;
  readonly #retention: number;

  /** `retention` is how long messages are kept, in milliseconds. */
  constructor(history: MessageHistory, clock: Clock, retention: number) {
    this.#history = history;
    this.#clock = clock;
    this.#retention = retention;
  }

  /** Where the channels stand. Rejects if the history fails. */
  async positions(
    channels: readonly string[],
    { deadline }: DeliveryOptions,
  ): Promise<ReadonlyMap<string, ChannelPosition>> {
    return await this.#history.positions(channels, deadline);
  }

  /** Answers a question with as many messages as a frame has space for, and at least one if there is one. Rejects if the history fails. */
  async read(
    { channel, from }: HistoryQuestion,
    id: string | undefined,
    options: DeliveryOptions,
  ): Promise<Required<HistoryFrame>> {
    const position = (await this.positions([channel], options)).get(channel);
    const { sequence, epoch } = position ?? { sequence: 0, epoch: undefined };
    const isOther =
      "after" in from &&
      (from.after > sequence || (from.epoch !== undefined && from.epoch !== epoch));
    const begin = "last" in from ? Math.max(0, sequence - from.last) : isOther ? 0 : from.after;
    const draft: Draft = {
      messages: [],
      upTo: begin,
      more: false,
      gap: isOther,
      bytes: 0,
      closed: 0,
      begun: false,
    };
    const frame = (): Required<HistoryFrame> => {
      const { messages, upTo, more, gap } = draft;
      return { relay: "history", channel, epoch, messages, upTo, more, gap, id };
    };
    // A number as long as can be comes on top.
    draft.bytes = bytesOf(JSON.stringify(frame())) + String(sequence).length;
    if (position !== undefined) {
      await this.#fill(draft, channel, position, options);
    }
    return frame();
  }

  async #fill(
    draft: Draft,
    channel: string,
    position: ChannelPosition,
    options: DeliveryOptions,
  ): Promise<void> {
    const { epoch, sequence: to } = position;
    for (let pages = 0; draft.upTo < to; pages += 1) {
      if (pages === MAX_PAGES) {
        draft.more = true;
        return;
      }
      // With the entry before: it says since when the first number can have been taken.
      const range = { from: draft.upTo, to, limit: PAGE };
      const page = await this.#history.read({ channel, epoch }, range, options.deadline);
      const walk = walkThrough(channel, position, page, this.#clock());
      if (!(await this.#take(draft, walk, options))) {
        return;
      }
    }
  }

  /** Takes from a page what it has. Returns whether the next page is wanted. */
  async #take(draft: Draft, walk: Walk, options: DeliveryOptions): Promise<boolean> {
    while (draft.upTo < walk.end) {
      const next = draft.upTo + 1;
      const found = await this.#find(draft, walk, next, options);
      if (found.kind === "lost" && !draft.begun) {
        draft.gap = true;
        draft.upTo = (walk.nextKept(next) ?? walk.end + 1) - 1;
      } else if (found.kind !== "entry" || !add(draft, next, found.message)) {
        draft.more ||= found.kind === "lost";
        return false;
      }
    }
    return true;
  }

  async #find(
    draft: Draft,
    walk: Walk,
    sequence: number,
    options: DeliveryOptions,
  ): Promise<Found> {
    const entry = walk.entries.get(sequence);
    if (entry === undefined) {
      return await this.#close(draft, walk, sequence, options);
    }
    return entry.expiresAt > this.#clock()
      ? { kind: "entry", message: entry.message }
      : { kind: "lost" };
  }

  /** Closes a number without an entry, and returns what is there now, unless it must not be closed. */
  async #close(
    draft: Draft,
    { channel, position: { epoch }, holeAt }: Walk,
    sequence: number,
    { deadline, onFailure }: DeliveryOptions,
  ): Promise<Found> {
    const now = this.#clock();
    const { takenAfter, takenBefore } = holeAt(sequence);
    if (takenBefore > now - TIME_TO_STORE) {
      return { kind: "open" };
    }
    // Half of the time is a reserve: clocks differ, and a late deletion of one entry says nothing about the next.
    if (takenAfter <= now - this.#retention / 2) {
      return { kind: "lost" };
    }
    if (draft.closed >= MAX_CLOSED) {
      draft.more = true;
      return { kind: "open" };
    }
    draft.closed += 1;
    const entry = {
      sequence,
      message: undefined,
      takenAt: takenAfter,
      previousAt: undefined,
      expiresAt: now + this.#retention,
    };
    try {
      const outcome = await this.#history.store({ channel, epoch }, entry, deadline);
      return {
        kind: "entry",
        message: outcome.kind === "occupied" ? outcome.message : undefined,
      };
    } catch (failure) {
      onFailure(failure);
      return { kind: "open" };
    }
  }
}

/** Adds what is at the next number, which may be nothing. Returns false if the frame has no space for it. */
function add(draft: Draft, sequence: number, message: KeptMessage | undefined): boolean {
  if (message !== undefined) {
    draft.bytes += bytesOf(message.text) + ",".length;
    if (draft.messages.length > 0 && draft.bytes > MAX_HISTORY_FRAME_BYTES) {
      draft.more = true;
      return false;
    }
    draft.messages.push(JSON.parse(message.text));
  }
  draft.begun = true;
  draft.upTo = sequence;
  return true;
}

function walkThrough(
  channel: string,
  position: ChannelPosition,
  { entries: found, isComplete }: HistoryPage,
  now: number,
): Walk {
  const entries = new Map(found.map((entry) => [entry.sequence, entry]));
  const end = isComplete ? position.sequence : (found.at(-1)?.sequence ?? position.sequence);
  return {
    channel,
    position,
    entries,
    end,
    nextKept: (sequence) =>
      found.find((it) => it.sequence >= sequence && it.expiresAt > now)?.sequence,
    holeAt: (sequence) => {
      // Numbers are taken in their order.
      const earlier = found.filter((it) => it.sequence < sequence).map(({ takenAt }) => takenAt);
      const later = found.filter((it) => it.sequence > sequence);
      const next = entries.get(sequence + 1)?.previousAt;
      const own = sequence === position.sequence ? [position.takenAt] : [];
      return {
        takenAfter: Math.max(
          position.begunAt,
          ...earlier,
          ...own,
          ...(next === undefined ? [] : [next]),
        ),
        takenBefore: Math.min(
          position.takenAt,
          ...later.map(({ previousAt, takenAt }) => previousAt ?? takenAt),
        ),
      };
    },
  };
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
