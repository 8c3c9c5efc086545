import type { ConnectionSender, IdFrame, Target } from "../../../protocol/frames.ts";
import {
  type Answer,
  answerRequest,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
} from "../answer.ts";
import { expiresIn } from "../connection.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { Rejection, rejection } from "../errors.ts";
import { parseRelayMessage, type RelayMessage } from "../messages.ts";
import type { Parts } from "../parts.ts";
import type { Position } from "../ports.ts";
import { type DeliverySummary, summaryOf, toReceipt } from "../receipt.ts";
import { listChannels } from "../registrations.ts";

/**
 * Who may send bare data to a connection id, which says nothing of its sender.
 *
 * - `everyone`: every client that knows the id.
 * - `registered`: only senders with a live registration, as where a token must have opened the connection.
 * - `nobody`: data travels in envelopes only.
 */
export type RawForward = "everyone" | "registered" | "nobody";

/** A message with the sender's own id for it, and as it came. */
type Sent<Kind extends RelayMessage["kind"]> = Extract<RelayMessage, { kind: Kind }> & {
  readonly id: string | undefined;
};

/** A client sends a message: the relay takes it to its target, and answers the sender with one frame at most. */
export class Relay implements MessageUseCase {
  readonly #parts: Parts;
  readonly #rawForward: RawForward;

  constructor(parts: Parts, rawForward: RawForward) {
    this.#parts = parts;
    this.#rawForward = rawForward;
  }

  /** Relays one message. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const parsed = parseRelayMessage(input.message);
    const { id } = parsed;
    return await answerRequest(this.#parts.delivery, input, parsed, async (message, options) => {
      switch (message.kind) {
        case "whoAmI":
          return await this.#answerWhoAmI({ ...message, id }, input, options);
        case "forward":
          return await this.#forward({ ...message, id }, input, options);
        case "envelope":
          return await this.#relayEnvelope({ ...message, id }, input, options);
      }
    });
  }

  async #answerWhoAmI(
    { id, positions: asksForPositions }: Sent<"whoAmI">,
    { connectionId }: MessageInput,
    options: DeliveryOptions,
  ): Promise<Answer | Rejection> {
    if (id === undefined) {
      return { text: `YOUR ID: ${connectionId}` };
    }
    const { registrations, history, clock } = this.#parts;
    const sender = await registrations.findWithMemberships(connectionId, options);
    if (sender instanceof Rejection) {
      return sender;
    }
    const { connection, memberships } = sender;
    const names = memberships.map(({ channel }) => channel);
    const positions = asksForPositions
      ? await history?.positions(names, options, "positions")
      : undefined;
    if (positions instanceof Rejection) {
      return positions;
    }
    const now = clock();
    const frame: Required<IdFrame> = {
      relay: "id",
      id,
      connectionId,
      user: connection.user,
      expiresIn: expiresIn(connection, now),
      channels: listChannels(memberships, now, positions),
    };
    return { frame };
  }

  async #forward(
    { id, to, text }: Sent<"forward">,
    input: MessageInput,
    options: DeliveryOptions,
  ): Promise<Answer | Rejection> {
    if (this.#rawForward === "nobody") {
      return rejection("FORBIDDEN", "rawForward");
    }
    if (this.#rawForward === "registered") {
      const sender = await this.#sender(input, options);
      if (sender instanceof Rejection) {
        return sender;
      }
    }
    const summary = summaryOf(await this.#parts.delivery.deliver(to, text, options));
    return answerTo({ summary }, { connection: to }, id, input);
  }

  async #relayEnvelope(
    { id, to, data, keep }: Sent<"envelope">,
    input: MessageInput,
    options: DeliveryOptions,
  ): Promise<Answer | Rejection> {
    const { connectionId, messageId } = input;
    const { registrations, envelopes } = this.#parts;
    const stranger = rejection("FORBIDDEN", "notAMember");
    // What the message itself says of its sender counts for nothing.
    const sender =
      "channel" in to
        ? await registrations.findMember(input, to.channel, stranger, options)
        : await this.#sender(input, options);
    if (sender instanceof Rejection) {
      return sender;
    }
    const from: Required<ConnectionSender> = { connectionId, user: sender.user };
    const content = { messageId, from, to, data, id };
    const delivered = await envelopes.deliver(content, { ...options, keep });
    return delivered instanceof Rejection ? delivered : answerTo(delivered, to, id, input);
  }

  /** The sender of a message as it is registered, or why nothing can be done in its name. */
  async #sender({ connectionId, registration }: MessageInput, options: DeliveryOptions) {
    return registration ?? (await this.#parts.registrations.find(connectionId, options));
  }
}

/** The answer to a message that had targets: an error whenever there is one, a receipt only if the message had an id. */
function answerTo(
  { summary, position }: { readonly summary: DeliverySummary; readonly position?: Position },
  to: Target,
  id: string | undefined,
  { requestId }: MessageInput,
): Answer {
  const frame = toReceipt(summary, to, { id, requestId, position });
  return id === undefined && frame.relay === "receipt" ? { summary } : { frame, summary };
}
