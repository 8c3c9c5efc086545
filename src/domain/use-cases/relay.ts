import type { ConnectionSender, IdFrame, Target } from "../../../protocol/frames.ts";
import {
  type Answer,
  answerSender,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
  reject,
} from "../answer.ts";
import { type Connection, expiresIn } from "../connection.ts";
import type { Delivery, DeliveryOptions } from "../delivery.ts";
import type { EnvelopeDelivery } from "../envelope-delivery.ts";
import { rejection } from "../errors.ts";
import type { HistoryReader } from "../history-reader.ts";
import { parseRelayMessage, type RelayMessage } from "../messages.ts";
import type { ChannelPosition, Clock, Position } from "../ports.ts";
import { type DeliverySummary, summaryOf, toReceipt } from "../receipt.ts";
import {
  type ChannelRegistration,
  listChannels,
  notFound,
  type Registration,
  type Registrations,
} from "../registrations.ts";

/**
 * Who may send bare data to a connection id, which says nothing of its sender.
 *
 * - `everyone`: every client that knows the id.
 * - `registered`: only senders with a live registration, as where a token must have opened the connection.
 * - `nobody`: data travels in envelopes only.
 */
export type RawForward = "everyone" | "registered" | "nobody";

/** A client sends a message: the relay takes it to its target, and answers the sender with one frame at most. */
export class Relay implements MessageUseCase {
  readonly #registrations: Registrations;
  readonly #delivery: Delivery;
  readonly #envelopes: EnvelopeDelivery;
  readonly #clock: Clock;
  readonly #rawForward: RawForward;
  readonly #history: HistoryReader | undefined;

  /** Without `history` nothing is kept. */
  constructor(
    registrations: Registrations,
    delivery: Delivery,
    envelopes: EnvelopeDelivery,
    clock: Clock,
    rawForward: RawForward,
    history: HistoryReader | undefined,
  ) {
    this.#history = history;
    this.#registrations = registrations;
    this.#delivery = delivery;
    this.#envelopes = envelopes;
    this.#clock = clock;
    this.#rawForward = rawForward;
  }

  /** Relays one message. */
  async execute(input: MessageInput): Promise<MessageReport> {
    return await answerSender(this.#delivery, input, (options) =>
      this.#relay(parseRelayMessage(input.message), input, options),
    );
  }

  async #relay(
    message: RelayMessage,
    input: MessageInput,
    options: DeliveryOptions,
  ): Promise<Answer> {
    switch (message.kind) {
      case "invalid":
        return reject({ code: "INVALID_MESSAGE", message: message.reason }, message.id, input);
      case "whoAmI":
        return await this.#answerWhoAmI(message, input, options);
      case "forward":
        return await this.#forward(message, input, options);
      case "envelope":
        return await this.#relayEnvelope(message, input, options);
    }
  }

  async #answerWhoAmI(
    { id, positions: asksForPositions }: Extract<RelayMessage, { kind: "whoAmI" }>,
    input: MessageInput,
    options: DeliveryOptions,
  ): Promise<Answer> {
    const { connectionId } = input;
    if (id === undefined) {
      return { text: `YOUR ID: ${connectionId}` };
    }
    const sender = await this.#registrations.findWithMemberships(connectionId, options);
    if (sender.kind !== "live") {
      return reject(notFound(sender), id, input);
    }
    const { connection, memberships } = sender;
    let positions: ReadonlyMap<string, ChannelPosition> | undefined;
    if (asksForPositions) {
      const names = memberships.map(({ channel }) => channel);
      try {
        positions = await this.#history?.positions(names, options);
      } catch (failure) {
        options.onFailure(failure);
        return reject(rejection("UNAVAILABLE", "positions"), id, input);
      }
    }
    const now = this.#clock();
    const frame: Required<IdFrame> = {
      relay: "id",
      id,
      connectionId,
      user: connection.user,
      expiresIn: expiresIn(connection, now),
      channels: listChannels(memberships, now, positions),
    };
    return { text: JSON.stringify(frame) };
  }

  async #forward(
    { id, to, text }: Extract<RelayMessage, { kind: "forward" }>,
    input: MessageInput,
    options: DeliveryOptions,
  ): Promise<Answer> {
    if (this.#rawForward === "nobody") {
      return reject(rejection("FORBIDDEN", "rawForward"), id, input);
    }
    if (this.#rawForward === "registered") {
      const sender = await this.#sender(input, options);
      if (sender.kind !== "live") {
        return reject(notFound(sender), id, input);
      }
    }
    const summary = summaryOf(await this.#delivery.deliver(to, text, options));
    return answerTo(summary, { connection: to }, id, input);
  }

  async #relayEnvelope(
    { id, to, data, keep }: Extract<RelayMessage, { kind: "envelope" }>,
    input: MessageInput,
    options: DeliveryOptions,
  ): Promise<Answer> {
    const { connectionId, messageId } = input;
    const sender =
      "channel" in to
        ? await this.#member(to.channel, input, options)
        : await this.#sender(input, options);
    if (sender.kind === "stranger") {
      return reject(rejection("FORBIDDEN", "notAMember"), id, input);
    }
    if (sender.kind !== "live") {
      return reject(notFound(sender), id, input);
    }
    const from: Required<ConnectionSender> = { connectionId, user: sender.connection.user };
    const content = { messageId, from, to, data, id };
    const outcome = await this.#envelopes.deliver(content, { ...options, keep });
    return outcome.kind === "rejected"
      ? reject(outcome.rejection, id, input)
      : answerTo(outcome.summary, to, id, input, outcome.position);
  }

  /**
   * The sender of a message as it is registered, or why nothing can be done in its name. What the message itself says
   * of its sender counts for nothing.
   */
  async #sender(
    { connectionId, registration }: MessageInput,
    options: DeliveryOptions,
  ): Promise<Registration> {
    return registration === undefined
      ? await this.#registrations.find(connectionId, options)
      : { kind: "live", connection: registration };
  }

  /** The sender as a member of a channel, who has the user of its registration. */
  async #member(
    channel: string,
    { connectionId, registration }: MessageInput,
    options: DeliveryOptions,
  ): Promise<
    | { readonly kind: "live"; readonly connection: Pick<Connection, "user"> }
    | Exclude<ChannelRegistration, { readonly kind: "member" }>
  > {
    const found = await this.#registrations.findInChannel(
      connectionId,
      channel,
      options,
      registration,
    );
    return found.kind === "member" ? { kind: "live", connection: found.membership } : found;
  }
}

/** The answer to a message that had targets: an error whenever there is one, a receipt only if the message had an id. */
function answerTo(
  summary: DeliverySummary,
  to: Target,
  id: string | undefined,
  { requestId }: MessageInput,
  position?: Position,
): Answer {
  const frame = toReceipt(summary, to, { id, requestId, position });
  if (frame.relay === "error") {
    return { text: JSON.stringify(frame), error: frame.code, summary };
  }
  return id === undefined ? { summary } : { text: JSON.stringify(frame), summary };
}
