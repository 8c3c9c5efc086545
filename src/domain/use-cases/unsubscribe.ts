import type { UnsubscribedFrame } from "../../../protocol/frames.ts";
import {
  type Answer,
  answerSender,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
  reject,
} from "../answer.ts";
import { parseUnsubscribe } from "../channel-messages.ts";
import type { Delivery, DeliveryOptions } from "../delivery.ts";
import { rejection } from "../errors.ts";
import type { ConnectionStore } from "../ports.ts";
import type { Presence } from "../presence.ts";
import { notFound, type Registrations } from "../registrations.ts";

/** A client leaves a channel. */
export class Unsubscribe implements MessageUseCase {
  readonly #store: ConnectionStore;
  readonly #registrations: Registrations;
  readonly #delivery: Delivery;
  readonly #presence: Presence;

  constructor(
    store: ConnectionStore,
    registrations: Registrations,
    delivery: Delivery,
    presence: Presence,
  ) {
    this.#store = store;
    this.#registrations = registrations;
    this.#delivery = delivery;
    this.#presence = presence;
  }

  /** Leaves the channel. To leave one that the client is not in is no error. */
  async execute(input: MessageInput): Promise<MessageReport> {
    return await answerSender(this.#delivery, input, (options) =>
      this.#unsubscribe(input, options),
    );
  }

  async #unsubscribe(input: MessageInput, options: DeliveryOptions): Promise<Answer> {
    const { connectionId } = input;
    const parsed = parseUnsubscribe(input.message);
    const { id } = parsed;
    if (parsed.kind === "invalid") {
      return reject(parsed.rejection, id, input);
    }
    const { channel } = parsed.request;
    const found = await this.#registrations.findWithMemberships(connectionId, options);
    if (found.kind !== "live") {
      return reject(notFound(found), id, input);
    }
    const left = found.memberships.filter((it) => it.channel === channel);
    if (left.length > 0) {
      try {
        await this.#store.leave(connectionId, channel, options.deadline);
      } catch (failure) {
        options.onFailure(failure);
        return reject(rejection("UNAVAILABLE", "unsubscribe"), id, input);
      }
    }
    const frame: Required<UnsubscribedFrame> = { relay: "unsubscribed", channel, id };
    return {
      ...(id !== undefined && { text: JSON.stringify(frame) }),
      afterwards: (rest) => this.#presence.notify("left", left, rest),
    };
  }
}
