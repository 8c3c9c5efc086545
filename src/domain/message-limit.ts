import {
  answerSender,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
  reject,
} from "./answer.ts";
import type { Connection } from "./connection.ts";
import { type Rejection, rejection } from "./errors.ts";
import { isMessageId, membersOf } from "./messages.ts";
import type { Parts } from "./parts.ts";
import { notFound } from "./registrations.ts";

/** How long nobody else is answered after somebody was that his message is one too many, in milliseconds. */
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
    let registration: Connection | undefined;
    try {
      const count = { now, limit: this.#perMinute };
      registration = await this.#parts.store.countMessage(
        input.connectionId,
        count,
        input.deadline,
      );
    } catch (failure) {
      return await this.#reject(input, async (onFailure) => {
        onFailure(failure);
        return notFound({ kind: "unreadable" });
      });
    }
    if (registration !== undefined) {
      return await useCase.execute({ ...input, registration });
    }
    if (now < this.#pauseEndsAt) {
      return NOTHING_DONE;
    }
    this.#pauseEndsAt = now + PAUSE;
    return await this.#reject(input, async (onFailure) => {
      const options = { deadline: input.deadline, onFailure };
      const found = await this.#parts.registrations.find(input.connectionId, options);
      return found.kind === "live" ? rejection("RATE_LIMITED", "connection") : notFound(found);
    });
  }

  async #reject(
    input: MessageInput,
    reason: (onFailure: (failure: unknown) => void) => Promise<Rejection>,
  ): Promise<MessageReport> {
    const id: unknown = membersOf<"id">(input.message)?.id;
    return await answerSender(this.#parts.delivery, input, async ({ onFailure }) =>
      reject(await reason(onFailure), isMessageId(id) ? id : undefined, input),
    );
  }
}
