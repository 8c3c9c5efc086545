import type { HistoryFrame } from "../protocol/frames.ts";
import type { Gap } from "./events.ts";
import type { RelayMessage } from "./messages.ts";
import type { ChannelPosition } from "./options.ts";

/** A message with its number. The relay says `large` in a channel whose deliveries take long. */
export type NumberedMessage = RelayMessage & {
  readonly sequence: number;
  readonly large?: boolean;
};

/** Where a question for history begins. */
export interface Question {
  readonly epoch?: string | undefined;
  readonly after?: number;
  readonly last?: number;
}

/** Receives what a timeline gives out. */
interface TimelineOwner {
  message(message: RelayMessage): void;
  gap(gap: Omit<Gap, "channel">): void;
}

/** How many ids of messages are remembered for each channel, and how many of them go with a position. */
const REMEMBERED = 1000;
const HANDED_OUT = 100;

/**
 * The messages of one channel in the order of their numbers. It keeps what comes too early until a message or an answer of
 * the relay has filled the hole before it, and gives out each message once.
 */
export class Timeline {
  /** Everything up to this number was given out, or passed over; undefined until it is known where to begin. */
  position: number | undefined;
  /** Whether the last message was one to a large channel. */
  isLarge = false;
  /** Nothing is given out any more. */
  isStopped = false;
  #epoch: string | undefined;
  /** The highest number that is known to be taken. */
  #newest = 0;
  /** The relay counts in another epoch by now. */
  #isOther = false;
  /** It has asked, and there was more to ask for. */
  #isCatchingUp = false;
  /** Messages that came too early, in the order in which they came, and when. */
  readonly #kept = new Map<number, { readonly message: NumberedMessage; readonly at: number }>();
  readonly #messageIds: Set<string>;
  readonly #maxCatchUp: number;
  readonly #owner: TimelineOwner;

  constructor(position: ChannelPosition | undefined, maxCatchUp: number, owner: TimelineOwner) {
    this.position = position?.sequence;
    this.#epoch = position?.epoch;
    this.#messageIds = new Set(position?.messageIds);
    this.#maxCatchUp = maxCatchUp;
    this.#owner = owner;
  }

  /** Whether there is something to ask the relay for. */
  get isBehind(): boolean {
    return this.position === undefined || this.#isOther || this.#newest > this.position;
  }

  /** When the first message came that still waits for one before it; undefined if none does. */
  get openSince(): number | undefined {
    const [first] = this.#kept.values();
    return first?.at;
  }

  /** What to ask for next: what comes after the position, or without one the last so many messages. */
  question(last: number): Question {
    return this.position === undefined ? { last } : { epoch: this.#epoch, after: this.position };
  }

  /** Where the channel is for the application, for another client to go on from; undefined before it has begun. */
  toPosition(): ChannelPosition | undefined {
    const messageIds = [...this.#messageIds].slice(-HANDED_OUT);
    return this.position === undefined
      ? undefined
      : { sequence: this.position, epoch: this.#epoch, messageIds };
  }

  /** A number is known to be taken. Returns whether it is one of the epoch in which this timeline counts. */
  see(sequence: number, epoch: string | undefined): boolean {
    if (epoch !== this.#epoch) {
      if (this.position !== undefined && this.#epoch !== undefined) {
        this.#isOther = true;
        return false;
      }
      this.#epoch = epoch;
      this.#newest = 0;
    }
    this.#newest = Math.max(this.#newest, sequence);
    this.#skip();
    return true;
  }

  /** A message was delivered. */
  receive(message: NumberedMessage, now: number): void {
    const { sequence, epoch, large } = message;
    if (this.see(sequence, epoch)) {
      this.isLarge = large === true;
      this.#keep(message, now);
      this.#giveNext();
    }
  }

  /** Takes the relay's answer to a question. Returns whether it has led any further. */
  answer(question: Question, answer: HistoryFrame, now: number): boolean {
    const { messages, upTo, more } = answer;
    const first = messages[0]?.sequence ?? upTo + 1;
    const before = this.position;
    let knownFrom = 0;
    if (before === undefined) {
      knownFrom = this.#begin(first, answer.epoch);
    } else if (
      question.epoch !== undefined &&
      (answer.epoch !== question.epoch || upTo < Number(question.after))
    ) {
      this.#beginAnew(answer.epoch);
    } else if (answer.epoch !== undefined && answer.epoch !== this.#epoch) {
      if (this.#epoch !== undefined) {
        this.#isOther = true;
        return false;
      }
      this.#epoch = answer.epoch;
    }
    this.#isOther = false;
    this.#isCatchingUp = more;
    this.#newest = Math.max(this.#newest, upTo);
    for (const { relay: _, ...message } of messages) {
      this.#keep(message as NumberedMessage, now);
    }
    if (Number(this.position) + 1 >= knownFrom) {
      // Nothing more can come up to this number.
      this.#passTo(upTo, answer.gap && before !== undefined ? first - 1 : 0);
    }
    this.#giveNext();
    this.#skip();
    return this.position !== before;
  }

  /** Begins with the first message of an answer, or with one that was delivered before it. Returns where the answer begins. */
  #begin(first: number, epoch = this.#epoch): number {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#newest = 0;
    }
    for (const [sequence, { message }] of this.#kept) {
      if (message.epoch !== epoch) {
        this.#kept.delete(sequence);
      }
    }
    this.position = Math.min(first, ...this.#kept.keys()) - 1;
    return first;
  }

  /** The numbers begin anew: nobody knows how many there were in the epoch before. */
  #beginAnew(epoch: string | undefined): void {
    this.#passTo(this.#newest, this.#newest);
    this.#loseTo(Number.POSITIVE_INFINITY);
    this.#epoch = epoch;
    this.#newest = this.position = 0;
  }

  #keep(message: NumberedMessage, at: number): void {
    const { sequence } = message;
    if (!(sequence <= Number(this.position)) && !this.#kept.has(sequence)) {
      this.#kept.set(sequence, { message, at });
      const [oldest] = this.#kept.keys();
      if (this.position === undefined && this.#kept.size > this.#maxCatchUp && oldest) {
        this.#kept.delete(oldest);
      }
    }
  }

  /** Passes over what is too much to catch up with. What grows meanwhile is no reason. */
  #skip(): void {
    const most = this.#maxCatchUp * (this.#isCatchingUp ? 2 : 1);
    if (this.#newest - Number(this.position) > most) {
      const upTo = this.#newest - this.#maxCatchUp;
      this.#passTo(upTo, upTo);
      this.#giveNext();
    }
  }

  /** Gives out what is there up to a number. What is missing counts as lost up to `lostUpTo`, and beyond was never there. */
  #passTo(upTo: number, lostUpTo: number): void {
    const numbers = [...this.#kept.keys()].filter((it) => it <= upTo).sort((a, b) => a - b);
    for (const number of numbers) {
      this.#loseTo(Math.min(number - 1, lostUpTo));
      this.#give(number);
    }
    this.#loseTo(Math.min(upTo, lostUpTo));
    if (!this.isStopped) {
      this.position = Math.max(Number(this.position), upTo);
    }
  }

  #loseTo(to: number): void {
    const from = Number(this.position) + 1;
    if (to >= from && !this.isStopped) {
      this.position = to;
      this.#owner.gap({ epoch: String(this.#epoch), from, to });
    }
  }

  #giveNext(): void {
    while (!this.isStopped && this.#kept.has(Number(this.position) + 1)) {
      this.#give(Number(this.position) + 1);
    }
  }

  #give(sequence: number): void {
    const kept = this.#kept.get(sequence);
    if (!kept || this.isStopped) {
      return;
    }
    const { message } = kept;
    this.#kept.delete(sequence);
    this.position = sequence;
    // An event that AWS delivers twice takes two numbers.
    if (!this.#messageIds.has(message.messageId)) {
      this.#messageIds.add(message.messageId);
      if (this.#messageIds.size > REMEMBERED) {
        const [oldest] = this.#messageIds;
        this.#messageIds.delete(oldest as string);
      }
      this.#owner.message(message);
    }
  }
}
