import type { HistoryFrame, MessageFrame } from "../../protocol/frames.ts";
import { MAX_HISTORY_FRAME_BYTES } from "../../protocol/limits.ts";
import type { HistoryQuestion } from "./channel-messages.ts";
import type { DeliveryOptions } from "./delivery.ts";
import { attempt } from "./failures.ts";
import { bytesOf } from "./messages.ts";
import type { ChannelPosition, Clock, HistoryEntry, KeptMessage, MessageHistory } from "./ports.ts";

/** How many entries one query reads. */
const PAGE = 25;
/** How long a number may be taken without a message before it is closed, in milliseconds. */
const TIME_TO_STORE = 3000;
/** How many numbers one answer closes at most, and how many queries it makes. */
const MAX_CLOSED = 25;
const MAX_PAGES = 40;

/** What a history is made of: `retention` is how long messages are kept, in milliseconds. */
export interface HistorySettings {
  readonly messages: MessageHistory;
  readonly clock: Clock;
  readonly retention: number;
}

/** What is asked, and where the channel stands. */
interface HistoryRequest extends HistoryQuestion {
  readonly id: string | undefined;
  readonly position: ChannelPosition;
}

/**
 * What there is at a number: a message; `closed`, and for good none; `open`, none yet; or `lost`, none any more, or so it may
 * be.
 */
type Found = KeptMessage | "closed" | "open" | "lost";

/**
 * An answer while it is made: it reads page after page, and closes the numbers that were taken in vain. A number is closed by
 * storing an empty entry at it, which no message can replace: so whatever is still under way, no message appears below what
 * was answered.
 */
export class HistoryAnswer {
  readonly #request: HistoryRequest;
  readonly #settings: HistorySettings;
  readonly #found: MessageFrame[] = [];
  #upTo: number;
  #more = false;
  #gap = false;
  #bytes: number;
  #closed = 0;
  /** Whether a number has been answered for, so that a gap can only follow in the next answer. */
  #begun = false;

  constructor(settings: HistorySettings, request: HistoryRequest) {
    this.#settings = settings;
    this.#request = request;
    const { from, position } = request;
    const { sequence } = position;
    if ("last" in from) {
      this.#upTo = Math.max(0, sequence - from.last);
    } else {
      const { after, epoch = position.epoch } = from;
      this.#gap = after > sequence || epoch !== position.epoch;
      this.#upTo = this.#gap ? 0 : after;
    }
    // A number as long as can be comes on top.
    this.#bytes = bytesOf(JSON.stringify(this.#frame())) + String(sequence).length;
  }

  /** Reads what the frame has space for. Rejects if the history fails. */
  async fill(options: DeliveryOptions): Promise<Required<HistoryFrame>> {
    const { channel, position } = this.#request;
    const { epoch, sequence: to } = position;
    const { messages } = this.#settings;
    for (let pages = 0; this.#upTo < to && pages < MAX_PAGES; pages += 1) {
      // With the entry before: it says since when the first number can have been taken.
      const range = { from: this.#upTo, to, limit: PAGE };
      const page = await messages.read({ channel, epoch }, range, options.deadline);
      const end = page.isComplete ? to : (page.entries.at(-1)?.sequence ?? to);
      if (!(await this.#take(page.entries, end, options))) {
        return this.#frame();
      }
    }
    this.#more = this.#upTo < to;
    return this.#frame();
  }

  /** Takes from a page, which has every entry up to `end`, what it has. Returns whether the next page is wanted. */
  async #take(
    entries: readonly HistoryEntry[],
    end: number,
    options: DeliveryOptions,
  ): Promise<boolean> {
    while (this.#upTo < end) {
      const next = this.#upTo + 1;
      const entry = entries.find(({ sequence }) => sequence === next);
      const found =
        entry === undefined
          ? await this.#close(next, entries, options)
          : this.#isKept(entry)
            ? (entry.message ?? "closed")
            : "lost";
      if (found === "lost" && !this.#begun) {
        this.#gap = true;
        const kept = entries.find((it) => it.sequence > next && this.#isKept(it));
        this.#upTo = (kept?.sequence ?? end + 1) - 1;
      } else if (found === "open" || found === "lost" || !this.#add(next, found)) {
        this.#more ||= found !== "open";
        return false;
      }
    }
    return true;
  }

  #isKept({ expiresAt }: HistoryEntry): boolean {
    return expiresAt > this.#settings.clock();
  }

  /** Closes a number without an entry, and returns what is there now, unless it must not be closed. */
  async #close(
    sequence: number,
    entries: readonly HistoryEntry[],
    options: DeliveryOptions,
  ): Promise<Found> {
    const { messages, clock, retention } = this.#settings;
    const { channel, position } = this.#request;
    const { takenAfter, takenBefore } = timesOf(sequence, entries, position);
    const now = clock();
    if (takenBefore > now - TIME_TO_STORE) {
      return "open";
    }
    // Half of the time is a reserve: clocks differ, and a late deletion of one entry says nothing about the next.
    if (takenAfter <= now - retention / 2) {
      return "lost";
    }
    if (this.#closed >= MAX_CLOSED) {
      this.#more = true;
      return "open";
    }
    this.#closed += 1;
    const entry = { sequence, takenAt: takenAfter, expiresAt: now + retention };
    const place = { channel, epoch: position.epoch };
    const store = async () => (await messages.store(place, entry, options.deadline)) ?? "closed";
    return await attempt(options, store, "open");
  }

  /** Adds what is at the next number. Returns false if the frame has no space for it. */
  #add(sequence: number, found: KeptMessage | "closed"): boolean {
    if (found !== "closed") {
      this.#bytes += bytesOf(found.text) + ",".length;
      if (this.#found.length > 0 && this.#bytes > MAX_HISTORY_FRAME_BYTES) {
        return false;
      }
      this.#found.push(JSON.parse(found.text));
    }
    this.#begun = true;
    this.#upTo = sequence;
    return true;
  }

  #frame(): Required<HistoryFrame> {
    const { channel, id, position } = this.#request;
    return {
      relay: "history",
      channel,
      // A channel that has had no message has no epoch.
      epoch: position.epoch || undefined,
      messages: this.#found,
      upTo: this.#upTo,
      more: this.#more,
      gap: this.#gap,
      id,
    };
  }
}

/**
 * Between which times a number was taken, as far as the entries of a page and the channel's position say: numbers are taken in
 * their order.
 */
function timesOf(
  number: number,
  entries: readonly HistoryEntry[],
  { sequence, takenAt, begunAt }: ChannelPosition,
) {
  const known = [
    { at: 1, time: begunAt },
    { at: sequence, time: takenAt },
    ...entries.map((it) => ({ at: it.sequence, time: it.takenAt })),
    ...entries.flatMap((it) =>
      it.previousAt === undefined ? [] : [{ at: it.sequence - 1, time: it.previousAt }],
    ),
  ];
  const before = known.filter(({ at }) => at <= number).map(({ time }) => time);
  const after = known.filter(({ at }) => at >= number).map(({ time }) => time);
  return { takenAfter: Math.max(...before), takenBefore: Math.min(...after) };
}
