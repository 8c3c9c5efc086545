import type { RelayFrame } from "../../protocol/frames.ts";
import {
  answerBackend,
  answerSender,
  type BackendUseCase,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
} from "./answer.ts";
import type { DeliveryOptions } from "./delivery.ts";
import { Rejection } from "./errors.ts";
import type { Parsed } from "./messages.ts";
import { UseCase } from "./parts.ts";

/** A question about a channel: a client that is in it may ask, or a backend. */
export abstract class ChannelQuestion<
    Question extends { readonly channel: string },
    Frame extends RelayFrame,
  >
  extends UseCase
  implements MessageUseCase
{
  /** The answer to a client that is not in the channel. */
  protected abstract readonly stranger: Rejection;
  /** What a backend's event calls the question. */
  protected abstract readonly name: string;

  /** Reads the question; `what` is the subject of the sentence about a value that is not an object. */
  protected abstract parse(value: unknown, what?: string): Parsed<Question>;

  /** Makes the frame that answers the question with this `id`. Never rejects. */
  protected abstract read(
    question: Question,
    id: string | undefined,
    options: DeliveryOptions,
  ): Promise<Frame | Rejection>;

  /** Sends the client its answer. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const { delivery, registrations } = this.parts;
    const parsed = this.parse(input.message);
    return await answerSender(delivery, input, parsed, async (question, context) => {
      const member = await registrations.findMember(context, question.channel, this.stranger);
      const frame =
        member instanceof Rejection ? member : await this.read(question, parsed.id, context);
      return frame instanceof Rejection ? frame : { frame };
    });
  }

  /** The same question of a backend, to which the answer is returned. */
  readonly forBackends: BackendUseCase<Frame> = {
    execute: async (input) => {
      const parsed = this.parse(input.request, JSON.stringify(this.name));
      return await answerBackend(input, parsed, async (question, context) => {
        const answer = await this.read(question, parsed.id, context);
        return answer instanceof Rejection ? answer : { answer };
      });
    },
  };
}
