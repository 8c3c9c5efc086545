import {
  answerSender,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
} from "./answer.ts";
import { Rejection, rejection } from "./errors.ts";
import { attempt } from "./failures.ts";
import { idOf } from "./messages.ts";
import type { Parts } from "./parts.ts";
import { MISSING, UNREADABLE } from "./registrations.ts";

/** How long others are rejected in silence after one was that was answered, in milliseconds. */
const PAUSE = 1000;
const NOTHING_DONE: MessageReport = { error: undefined, answered: undefined, failures: [] };

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
    const { store, clock, delivery } = this.#parts;
    const { connectionId, deadline } = input;
    const now = clock();
    const failures: unknown[] = [];
    const count = () => store.countMessage(connectionId, { now, limit: this.#perMinute }, deadline);
    const counted = await attempt(
      { onFailure: (failure) => failures.push(failure) },
      count,
      UNREADABLE,
    );
    const parsed = { id: idOf(input.message), request: undefined };
    const reject = (reason: Rejection) =>
      answerSender(delivery, input, parsed, async (_, { onFailure }) => {
        failures.forEach(onFailure);
        return reason;
      });
    if (counted instanceof Rejection) {
      return await reject(counted);
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
    return await reject(counted === "limited" ? rejection("RATE_LIMITED", "connection") : MISSING);
  }
}
