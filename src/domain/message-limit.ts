import {
  answerSender,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
  reject,
} from "./answer.ts";
import { type Rejection, rejection } from "./errors.ts";
import { isMessageId, membersOf } from "./messages.ts";
import type { Parts } from "./parts.ts";
import type { ConnectionStore } from "./ports.ts";
import { notFound } from "./registrations.ts";

/** How long others are rejected in silence after one was that was answered, in milliseconds. */
const PAUSE = 1000;
const NOTHING_DONE: MessageReport = {
  error: undefined,
  summary: undefined,
  answered: undefined,
  failures: [],
};

/**
 * Lets each connection send so many messages a minute, whatever they ask for. To count a message proves the sender's
 * registration. Most messages that are too many are rejected in silence: an answer to each would cost a post.
 */
export class MessageLimit {
  readonly #parts: Parts;
  readonly #perMinute: number;
  #pauseEndsAt = 0;
  /** Who was answered in this pause: connections without a registration, and `limited` for one of those with too many messages. */
  readonly #answered = new Set<string>();

  constructor(parts: Parts, perMinute: number) {
    this.#parts = parts;
    this.#perMinute = perMinute;
  }

  /** The use case for those messages that are not too many. */
  limit(useCase: MessageUseCase): MessageUseCase {
    return { execute: (input) => this.#execute(input, useCase) };
  }

  async #execute(input: MessageInput, useCase: MessageUseCase): Promise<MessageReport> {
    const now = this.#parts.clock();
    const { connectionId, deadline } = input;
    let counted: Awaited<ReturnType<ConnectionStore["countMessage"]>>;
    try {
      const count = { now, limit: this.#perMinute };
      counted = await this.#parts.store.countMessage(connectionId, count, deadline);
    } catch (failure) {
      return await this.#reject(input, notFound({ kind: "unreadable" }), failure);
    }
    if (typeof counted === "object") {
      return await useCase.execute({ ...input, registration: counted });
    }
    if (now >= this.#pauseEndsAt) {
      this.#pauseEndsAt = now + PAUSE;
      this.#answered.clear();
    }
    const who = counted ?? connectionId;
    if (this.#answered.has(who)) {
      return NOTHING_DONE;
    }
    this.#answered.add(who);
    return await this.#reject(
      input,
      counted === "limited"
        ? rejection("RATE_LIMITED", "connection")
        : notFound({ kind: "missing" }),
    );
  }

  async #reject(
    input: MessageInput,
    reason: Rejection,
    ...failures: unknown[]
  ): Promise<MessageReport> {
    const id: unknown = membersOf<"id">(input.message)?.id;
    return await answerSender(this.#parts.delivery, input, async ({ onFailure }) => {
      failures.forEach(onFailure);
      return reject(reason, isMessageId(id) ? id : undefined, input);
    });
  }
}
