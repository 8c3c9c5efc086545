import type { HistoryFrame } from "../../../protocol/frames.ts";
import {
  answerBackend,
  answerMember,
  type BackendInput,
  type BackendReport,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
} from "../answer.ts";
import { type HistoryQuestion, parseHistory } from "../channel-messages.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { type Rejection, rejection } from "../errors.ts";
import { isThrottled } from "../failures.ts";
import type { Parts } from "../parts.ts";

/** Somebody asks for the messages of a channel: a client that is in it, or a backend. */
export class ReadHistory implements MessageUseCase {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Sends the client messages of the channel, if it is in it: everything that is kept, also from before it joined. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const parsed = parseHistory(input.message);
    const stranger = rejection("FORBIDDEN", "notAReader");
    return await answerMember(this.#parts, input, parsed, stranger, (question, options) =>
      this.#read(question, parsed.id, options),
    );
  }

  /** Returns messages of the channel to a backend. Never rejects. */
  async executeForBackend(input: BackendInput): Promise<BackendReport<HistoryFrame>> {
    const parsed = parseHistory(input.request, '"history"');
    return await answerBackend(input, parsed, async (question, options) => {
      const frame = await this.#read(question, parsed.id, options);
      return "code" in frame ? frame : { answer: frame, summary: undefined };
    });
  }

  async #read(
    question: HistoryQuestion,
    id: string | undefined,
    options: DeliveryOptions,
  ): Promise<HistoryFrame | Rejection> {
    if (this.#parts.history === undefined) {
      return rejection("INVALID_MESSAGE", "historyOff");
    }
    try {
      return await this.#parts.history.read(question, id, options);
    } catch (failure) {
      options.onFailure(failure);
      return isThrottled(failure)
        ? rejection("THROTTLED", "history")
        : rejection("UNAVAILABLE", "history");
    }
  }
}
