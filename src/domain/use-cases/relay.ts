import type { ConnectionSender, IdFrame, Target } from "../../../protocol/frames.ts";
import {
  type Answer,
  answerSender,
  type MessageContext,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
} from "../answer.ts";
import { expiresIn } from "../connection.ts";
import type { Delivered } from "../envelope-delivery.ts";
import { Rejection, rejection } from "../errors.ts";
import { parseRelayMessage, type RelayMessage } from "../messages.ts";
import { UseCase } from "../parts.ts";
import { summaryOf, toReceipt } from "../receipt.ts";
import { listChannels } from "../registrations.ts";

/** A client sends a message: the relay takes it to its target, and answers the sender with one frame at most. */
export class Relay extends UseCase implements MessageUseCase {
  /** Relays one message. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const parsed = parseRelayMessage(input.message);
    return await answerSender(this.parts.delivery, input, parsed, async (message, context) => {
      switch (message.kind) {
        case "whoAmI":
          return await this.#answerWhoAmI(message, context);
        case "forward":
          return await this.#forward(message, context);
        case "envelope":
          return await this.#relayEnvelope(message, context);
      }
    });
  }

  async #answerWhoAmI(
    message: Extract<RelayMessage, { kind: "whoAmI" }>,
    context: MessageContext,
  ): Promise<Answer | Rejection> {
    const { id, connectionId } = context;
    if (id === undefined) {
      return { text: `YOUR ID: ${connectionId}` };
    }
    const { registrations, history, clock } = this.parts;
    const sender = await registrations.findWithMemberships(connectionId, context);
    if (sender instanceof Rejection) {
      return sender;
    }
    const { connection, memberships } = sender;
    const names = memberships.map(({ channel }) => channel);
    const positions = message.positions
      ? await history?.positions(names, context, "positions")
      : undefined;
    if (positions instanceof Rejection) {
      return positions;
    }
    const now = clock();
    return {
      frame: {
        relay: "id",
        id,
        connectionId,
        user: connection.user,
        expiresIn: expiresIn(connection, now),
        channels: listChannels(memberships, now, positions),
      } satisfies Required<IdFrame>,
    };
  }

  async #forward(
    { to, text }: Extract<RelayMessage, { kind: "forward" }>,
    context: MessageContext,
  ): Promise<Answer | Rejection> {
    const { registrations, authentication, rawForward, delivery } = this.parts;
    if (!rawForward) {
      return rejection("FORBIDDEN", "rawForward");
    }
    // Where a token must have opened the connection, it must not have ended.
    const sender = authentication && (await registrations.findSender(context));
    if (sender instanceof Rejection) {
      return sender;
    }
    const summary = summaryOf(await delivery.deliver(to, text, context));
    return answerTo({ summary }, { connection: to }, context);
  }

  async #relayEnvelope(
    { to, data, keep }: Extract<RelayMessage, { kind: "envelope" }>,
    context: MessageContext,
  ): Promise<Answer | Rejection> {
    const { registrations, envelopes } = this.parts;
    // What the message itself says of its sender counts for nothing.
    const sender =
      "channel" in to
        ? await registrations.findMember(context, to.channel, rejection("FORBIDDEN", "notAMember"))
        : await registrations.findSender(context);
    if (sender instanceof Rejection) {
      return sender;
    }
    const { id, connectionId, messageId } = context;
    const from: Required<ConnectionSender> = { connectionId, user: sender.user };
    const content = { messageId, from, to, data, id };
    const delivered = await envelopes.deliver(content, { ...context, keep });
    return delivered instanceof Rejection ? delivered : answerTo(delivered, to, context);
  }
}

/** The answer to a message that had targets: an error whenever there is one, a receipt only if the message had an id. */
function answerTo({ summary, position }: Delivered, to: Target, context: MessageContext): Answer {
  const frame = toReceipt(summary, to, { ...context, position });
  return context.id === undefined && frame.relay === "receipt" ? { summary } : { frame, summary };
}
