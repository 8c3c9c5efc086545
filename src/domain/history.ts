import type { HistoryFrame, MessageFrame } from "../../protocol/frames.ts";
import { MAX_KEPT_MESSAGE_BYTES } from "../../protocol/limits.ts";
import type { HistoryQuestion } from "./channel-messages.ts";
import { type DeliveryOptions, isTooLarge } from "./delivery.ts";
import { type Rejection, rejection } from "./errors.ts";
import { RelayFailure } from "./failures.ts";
import { HistoryAnswer, type HistorySettings } from "./history-answer.ts";
import { jsonText } from "./messages.ts";
import type { ChannelPosition, Position } from "./ports.ts";

/** The longest position there can be. */
export const LONGEST_POSITION = { sequence: Number.MAX_SAFE_INTEGER, epoch: "=".repeat(16) };

/** Where a channel stands that has had no message. */
const NO_POSITION: ChannelPosition = { epoch: "", sequence: 0, takenAt: 0, begunAt: 0 };

/** A message as it is kept: its envelope's text, with its position in it. */
interface Kept {
  readonly text: string;
  readonly position: Position;
}

/** How many numbers one message takes at most: readers close a number that is stored too late. */
const TRIES = 3;
/** How much longer than its last message a channel's epoch lasts, in milliseconds. */
const EPOCH_RESERVE = 24 * 60 * 60_000;
/** Levels by which a kept message is nested less than can be written: in a history frame it lies deeper. */
const NESTING_RESERVE = 100;

/**
 * The messages of channels that are kept. Each is stored before anybody receives it, and nothing can appear any more below
 * what a reader was answered.
 */
export class History {
  readonly #settings: HistorySettings;

  constructor(settings: HistorySettings) {
    this.#settings = settings;
  }

  /** Where the channels stand that have had a message; what is `UNAVAILABLE` if that cannot be read has the sentence `reason`. */
  async positions(
    channels: readonly string[],
    options: DeliveryOptions,
    reason: "positions" | "subscribe",
  ): Promise<ReadonlyMap<string, ChannelPosition> | Rejection> {
    try {
      return await this.#settings.messages.positions(channels, options.deadline);
    } catch (failure) {
      return failed(failure, reason, options);
    }
  }

  /** Answers a question with as many messages as a frame has space for, and at least one if there is one. */
  async read(
    { channel, from }: HistoryQuestion,
    id: string | undefined,
    options: DeliveryOptions,
  ): Promise<Required<HistoryFrame> | Rejection> {
    try {
      const { messages } = this.#settings;
      const positions = await messages.positions([channel], options.deadline);
      const position = positions.get(channel) ?? NO_POSITION;
      const answer = new HistoryAnswer(this.#settings, { channel, position, from, id });
      return await answer.fill(options);
    } catch (failure) {
      return failed(failure, "history", options);
    }
  }

  /**
   * Takes a number for an envelope to a channel, and stores it there. Unless it is kept for certain, it is rejected, and must
   * not be delivered. One that is too long, or nested too deeply, takes no number.
   */
  async keep(
    envelope: Required<MessageFrame>,
    channel: string,
    options: DeliveryOptions,
  ): Promise<Kept | Rejection> {
    const problem = problemWith(envelope);
    if (problem !== undefined) {
      return problem;
    }
    try {
      for (let tried = 0; tried < TRIES; tried += 1) {
        const kept = await this.#tryToKeep(envelope, channel, options.deadline);
        if (kept !== undefined) {
          return kept;
        }
      }
      throw new RelayFailure(
        "NUMBERS_CLOSED",
        `A message was stored too late, ${TRIES} times: its numbers had been closed.`,
      );
    } catch (failure) {
      return failed(failure, "delivery", options);
    }
  }

  /** Undefined if the number had been closed when the envelope came to it. */
  async #tryToKeep(
    envelope: Required<MessageFrame>,
    channel: string,
    deadline: number,
  ): Promise<Kept | undefined> {
    const { messages, clock, retention } = this.#settings;
    const takenAt = clock();
    const expiresAt = takenAt + retention;
    const { sequence, epoch, previousAt } = await messages.takeNumber(
      channel,
      { takenAt, expiresAt: expiresAt + EPOCH_RESERVE },
      deadline,
    );
    const numbered: Required<MessageFrame> = { ...envelope, sequence, epoch };
    const { messageId } = envelope;
    const message = { messageId, text: JSON.stringify(numbered) };
    const stored = await messages.store(
      { channel, epoch },
      { sequence, message, takenAt, previousAt, expiresAt },
      deadline,
    );
    // A call that seemed to fail may have stored it, before it was repeated.
    return stored?.messageId === messageId
      ? { text: message.text, position: { sequence, epoch } }
      : undefined;
  }
}

/** What a failure means: what the table throttled has not been done. */
function failed(
  failure: unknown,
  reason: "positions" | "subscribe" | "history" | "delivery",
  { onFailure }: DeliveryOptions,
): Rejection {
  onFailure(failure);
  const isThrottled = failure instanceof RelayFailure && failure.code === "HISTORY_THROTTLED";
  return isThrottled ? rejection("THROTTLED", "history") : rejection("UNAVAILABLE", reason);
}

/** Why an envelope cannot be kept, if so. */
function problemWith(envelope: Required<MessageFrame>): Rejection | undefined {
  let nested: unknown = { ...envelope, ...LONGEST_POSITION };
  for (let level = 0; level < NESTING_RESERVE; level += 1) {
    nested = [nested];
  }
  const text = jsonText(nested);
  if (text === undefined) {
    return rejection("INVALID_MESSAGE", "tooDeep");
  }
  // Without the brackets around it.
  return isTooLarge(text, MAX_KEPT_MESSAGE_BYTES + 2 * NESTING_RESERVE)
    ? rejection("TOO_LARGE", "kept")
    : undefined;
}
