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

/** How long nobody else is answered after somebody was that his message is one too many, in milliseconds. */
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

  constructor(parts: Parts, perMinute: number) {
    this.#parts = parts;
    this.#perMinute = perMinute;
  }

  /** The use case for those messages that are not too many. */
  limit(useCase: MessageUseCase): MessageUseCase {
    return { execute: (input) => this.#execute(input, useCase) };
  }

  async #execute(input: MessageInput, useCase: MessageUseCase): Promise<MessageReport> {
    const { store, clock, delivery, registrations } = this.#parts;
    const { connectionId, deadline } = input;
    const now = clock();
    const failures: unknown[] = [];
    const count = () => store.countMessage(connectionId, { now, limit: this.#perMinute }, deadline);
    const registration = await attempt(
      { onFailure: (failure) => failures.push(failure) },
      count,
      rejection("UNAVAILABLE", "registration"),
    );
    if (registration === undefined) {
      if (now < this.#pauseEndsAt) {
        return NOTHING_DONE;
      }
      this.#pauseEndsAt = now + PAUSE;
    } else if (!(registration instanceof Rejection)) {
      return await useCase.execute({ ...input, registration });
    }
    const parsed = { id: idOf(input.message), request: undefined };
    return await answerSender(delivery, input, parsed, async (_, context) => {
      failures.forEach(context.onFailure);
      const found = registration ?? (await registrations.find(connectionId, context));
      return found instanceof Rejection ? found : rejection("RATE_LIMITED", "connection");
    });
  }
}
