import type { MessageFrame } from "../../protocol/frames.ts";
import { MAX_KEPT_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { type DeliveryOptions, isTooLarge } from "./delivery.ts";
import { type Rejection, rejection } from "./errors.ts";
import { isThrottled, RelayFailure } from "./failures.ts";
import { jsonText } from "./messages.ts";
import type { Clock, MessageHistory, Position } from "./ports.ts";

/** What became of keeping an envelope: its text, with its position in it; or why it must not be delivered. */
export type KeepOutcome =
  | { readonly kind: "kept"; readonly text: string; readonly position: Position }
  | { readonly kind: "rejected"; readonly rejection: Rejection };

/** How many numbers one message takes at most: readers close a number that is stored too late. */
const TRIES = 3;
/** How much longer than its last message a channel's epoch lasts, in milliseconds. */
const EPOCH_RESERVE = 24 * 60 * 60_000;
/** Levels by which a kept message is nested less than can be written: in a history frame it lies deeper. */
const NESTING_RESERVE = 100;
/** The longest position there can be. */
const LONGEST = { sequence: Number.MAX_SAFE_INTEGER, epoch: "=".repeat(16) };

/** Keeps messages to channels in their history, each before anybody receives it. */
export class HistoryWriter {
  readonly #history: MessageHistory;
  readonly #clock: Clock;
  readonly #retention: number;
  readonly #groupMessageBytes: number;

  /**
   * `retention` is how long messages are kept, in milliseconds, and `groupMessageBytes` how long an envelope may be, in bytes,
   * where that is less than the longest that can be kept.
   */
  constructor(history: MessageHistory, clock: Clock, retention: number, groupMessageBytes: number) {
    this.#groupMessageBytes = groupMessageBytes;
    this.#history = history;
    this.#clock = clock;
    this.#retention = retention;
  }

  /**
   * Takes a number for an envelope to a channel, and stores it there. Never rejects: unless the envelope is kept for
   * certain, it must not be delivered. One that is too long, or nested too deeply, takes no number.
   */
  async keep(
    envelope: Required<MessageFrame>,
    channel: string,
    options: DeliveryOptions,
  ): Promise<KeepOutcome> {
    const problem = this.#problemWith(envelope);
    if (problem !== undefined) {
      return { kind: "rejected", rejection: problem };
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
      options.onFailure(failure);
      return {
        kind: "rejected",
        rejection: isThrottled(failure)
          ? rejection("THROTTLED", "history")
          : rejection("UNAVAILABLE", "delivery"),
      };
    }
  }

  /** Why the envelope cannot be kept, if so. */
  #problemWith(envelope: Required<MessageFrame>): Rejection | undefined {
    let nested: unknown = envelope;
    for (let level = 0; level < NESTING_RESERVE; level += 1) {
      nested = [nested];
    }
    const text = jsonText(nested) && jsonText({ ...envelope, ...LONGEST });
    if (text === undefined) {
      return rejection("INVALID_MESSAGE", "tooDeep");
    }
    if (isTooLarge(text, this.#groupMessageBytes)) {
      return rejection("TOO_LARGE", "group");
    }
    return isTooLarge(text, MAX_KEPT_MESSAGE_BYTES) ? rejection("TOO_LARGE", "kept") : undefined;
  }

  /** Undefined if the number had been closed when the envelope came to it. */
  async #tryToKeep(
    envelope: Required<MessageFrame>,
    channel: string,
    deadline: number,
  ): Promise<KeepOutcome | undefined> {
    const takenAt = this.#clock();
    const { sequence, epoch, previousAt } = await this.#history.takeNumber(
      channel,
      { takenAt, expiresAt: takenAt + this.#retention + EPOCH_RESERVE },
      deadline,
    );
    const numbered: Required<MessageFrame> = { ...envelope, sequence, epoch };
    const text = JSON.stringify(numbered);
    const { messageId } = envelope;
    const outcome = await this.#history.store(
      { channel, epoch },
      {
        sequence,
        message: { messageId, text },
        takenAt,
        previousAt,
        expiresAt: takenAt + this.#retention,
      },
      deadline,
    );
    // A call that seemed to fail may have stored it, before it was repeated.
    return outcome.kind === "stored" || outcome.message?.messageId === messageId
      ? { kind: "kept", text, position: { sequence, epoch } }
      : undefined;
  }
}
