import type { UnsubscribedFrame } from "../../../protocol/frames.ts";
import {
  answerRequest,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
  reject,
} from "../answer.ts";
import { parseUnsubscribe } from "../channel-messages.ts";
import { rejection } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { notFound } from "../registrations.ts";

/** A client leaves a channel. */
export class Unsubscribe implements MessageUseCase {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Leaves the channel. To leave one that the client is not in is no error. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const { store, registrations, delivery, presence } = this.#parts;
    const { connectionId } = input;
    const parsed = parseUnsubscribe(input.message);
    const { id } = parsed;
    return await answerRequest(delivery, input, parsed, async ({ channel }, options) => {
      const found = await registrations.findWithMemberships(connectionId, options);
      if (found.kind !== "live") {
        return reject(notFound(found), id, input);
      }
      const left = found.memberships.filter((it) => it.channel === channel);
      if (left.length > 0) {
        try {
          await store.leave(connectionId, channel, options.deadline);
        } catch (failure) {
          options.onFailure(failure);
          return reject(rejection("UNAVAILABLE", "unsubscribe"), id, input);
        }
      }
      const frame: Required<UnsubscribedFrame> = { relay: "unsubscribed", channel, id };
      return {
        ...(id !== undefined && { text: JSON.stringify(frame) }),
        afterwards: (rest) => presence.notify("left", left, rest),
      };
    });
  }
}
