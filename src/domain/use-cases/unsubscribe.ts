import type { UnsubscribedFrame } from "../../../protocol/frames.ts";
import {
  answerSender,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
} from "../answer.ts";
import { parseUnsubscribe } from "../channel-messages.ts";
import { Rejection, rejection } from "../errors.ts";
import { attempt } from "../failures.ts";
import { UseCase } from "../parts.ts";

/** A client leaves a channel. */
export class Unsubscribe extends UseCase implements MessageUseCase {
  /** Leaves the channel. To leave one that the client is not in is no error. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const { store, registrations, delivery, presence } = this.parts;
    const parsed = parseUnsubscribe(input.message);
    return await answerSender(delivery, input, parsed, async ({ channel }, context) => {
      const { id, connectionId, deadline } = context;
      const found = await registrations.findWithMemberships(connectionId, context);
      if (found instanceof Rejection) {
        return found;
      }
      const left = found.memberships.filter((it) => it.channel === channel);
      const leave = async () =>
        left.length > 0 ? await store.leave(connectionId, channel, deadline) : undefined;
      const done = await attempt(context, leave, rejection("UNAVAILABLE", "unsubscribe"));
      if (done instanceof Rejection) {
        return done;
      }
      const frame: Required<UnsubscribedFrame> = { relay: "unsubscribed", channel, id };
      return {
        frame: id === undefined ? undefined : frame,
        afterwards: (rest) => presence.notify("left", left, rest),
      };
    });
  }
}
