import type { ErrorCode } from "../../../protocol/errors.ts";
import type {
  ChannelMembership,
  ConnectionSender,
  IdFrame,
  MessageFrame,
  Target,
} from "../../../protocol/frames.ts";
import type { Connection } from "../connection.ts";
import { type Delivery, type DeliveryOptions, type DeliveryOutcome, isoTime } from "../delivery.ts";
import type { EnvelopeDelivery } from "../envelope-delivery.ts";
import { errorFrame, type Rejection, rejection } from "../errors.ts";
import { Failures } from "../failures.ts";
import { parseRelayMessage, type RelayMessage } from "../messages.ts";
import type { Clock } from "../ports.ts";
import { type DeliverySummary, summaryOf, toReceipt } from "../receipt.ts";
import type { Registrations } from "../registrations.ts";

/**
 * Who may send bare data to a connection id, which says nothing of its sender.
 *
 * - `everyone`: every client that knows the id.
 * - `registered`: only senders with a live registration, as where a token must have opened the connection.
 * - `nobody`: data travels in envelopes only.
 */
export type RawForward = "everyone" | "registered" | "nobody";

/** One message of a client. */
export interface RelayInput {
  /** The sender's. */
  readonly connectionId: string;
  /** API Gateway's. */
  readonly messageId: string;
  /** API Gateway's. */
  readonly requestId: string;
  /** The client's parsed JSON, whatever it holds. */
  readonly message: unknown;
  /** When the invocation must be over, in milliseconds since 1970. */
  readonly deadline: number;
}

/** What became of a message, for the log. It holds nothing that a client wrote. */
export interface RelayReport {
  /** The code of the error that was sent to the sender, if any. */
  readonly error: ErrorCode | undefined;
  /** What became of the message, if it had targets. */
  readonly summary: DeliverySummary | undefined;
  /** What became of the frame to the sender, if there was one. */
  readonly answered: DeliveryOutcome | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}

/** What there is to send to the sender, if anything, and to report. */
interface Answer {
  readonly text?: string;
  readonly error?: ErrorCode;
  readonly summary?: DeliverySummary;
}

/** The time that is kept back for the answer to the sender, in milliseconds. */
const ANSWER_TIME = 5000;
/** How often the answer is tried: a throttled sender is not worth the time of all tries. */
const ANSWER_TRIES = 2;

/** A client sends a message: the relay takes it to its target, and answers the sender with one frame at most. */
export class Relay {
  readonly #registrations: Registrations;
  readonly #delivery: Delivery;
  readonly #envelopes: EnvelopeDelivery;
  readonly #clock: Clock;
  readonly #rawForward: RawForward;

  constructor(
    registrations: Registrations,
    delivery: Delivery,
    envelopes: EnvelopeDelivery,
    clock: Clock,
    rawForward: RawForward,
  ) {
    this.#registrations = registrations;
    this.#delivery = delivery;
    this.#envelopes = envelopes;
    this.#clock = clock;
    this.#rawForward = rawForward;
  }

  /** Relays one message. Never rejects on a failing port: the report says what happened, for the log. */
  async execute(input: RelayInput): Promise<RelayReport> {
    const { connectionId, deadline } = input;
    const failures = new Failures();
    const onFailure = failures.add;
    const { text, error, summary } = await this.#relay(parseRelayMessage(input.message), input, {
      deadline: deadline - ANSWER_TIME,
      onFailure,
    });
    const answered =
      text === undefined
        ? undefined
        : await this.#delivery.deliver(connectionId, text, {
            deadline,
            onFailure,
            tries: ANSWER_TRIES,
          });
    return { error, summary, answered, failures: failures.first };
  }

  async #relay(
    message: RelayMessage,
    input: RelayInput,
    options: DeliveryOptions,
  ): Promise<Answer> {
    switch (message.kind) {
      case "invalid":
        return reject({ code: "INVALID_MESSAGE", message: message.reason }, message.id, input);
      case "whoAmI":
        return await this.#answerWhoAmI(message.id, input, options);
      case "forward":
        return await this.#forward(message, input, options);
      case "envelope":
        return await this.#relayEnvelope(message, input, options);
    }
  }

  async #answerWhoAmI(
    id: string | undefined,
    input: RelayInput,
    options: DeliveryOptions,
  ): Promise<Answer> {
    const { connectionId } = input;
    if (id === undefined) {
      return { text: `YOUR ID: ${connectionId}` };
    }
    const sender = await this.#sender(connectionId, options);
    if (sender.kind === "rejected") {
      return reject(sender.rejection, id, input);
    }
    const { user, channel, expiresAt } = sender.connection;
    const expiresIn = Math.floor((expiresAt - this.#clock()) / 1000);
    const channels: Required<ChannelMembership>[] =
      channel === undefined ? [] : [{ channel, expiresIn }];
    const frame: Required<IdFrame> = { relay: "id", id, connectionId, user, expiresIn, channels };
    return { text: JSON.stringify(frame) };
  }

  async #forward(
    { id, to, text }: Extract<RelayMessage, { kind: "forward" }>,
    input: RelayInput,
    options: DeliveryOptions,
  ): Promise<Answer> {
    if (this.#rawForward === "nobody") {
      return reject(rejection("FORBIDDEN", "rawForward"), id, input);
    }
    if (this.#rawForward === "registered") {
      const sender = await this.#sender(input.connectionId, options);
      if (sender.kind === "rejected") {
        return reject(sender.rejection, id, input);
      }
    }
    const summary = summaryOf(await this.#delivery.deliver(to, text, options));
    return answerTo(summary, { connection: to }, id, input);
  }

  async #relayEnvelope(
    { id, to, data }: Extract<RelayMessage, { kind: "envelope" }>,
    input: RelayInput,
    options: DeliveryOptions,
  ): Promise<Answer> {
    const { connectionId, messageId } = input;
    const sender = await this.#sender(connectionId, options);
    if (sender.kind === "rejected") {
      return reject(sender.rejection, id, input);
    }
    const { user, channel } = sender.connection;
    if ("channel" in to && to.channel !== channel) {
      return reject(rejection("FORBIDDEN", "notAMember"), id, input);
    }
    const from: Required<ConnectionSender> = { connectionId, user };
    const sentAt = isoTime(this.#clock());
    const envelope: Required<MessageFrame> = {
      relay: "message",
      messageId,
      from,
      to,
      data,
      id,
      sentAt,
    };
    const outcome = await this.#envelopes.deliver(envelope, options);
    return outcome.kind === "tooDeep"
      ? reject(rejection("INVALID_MESSAGE", "tooDeep"), id, input)
      : answerTo(outcome.summary, to, id, input);
  }

  /**
   * The sender of a message as it is registered, or why nothing can be done in its name. What the message itself says
   * of its sender counts for nothing.
   */
  async #sender(
    connectionId: string,
    options: DeliveryOptions,
  ): Promise<
    | { readonly kind: "registered"; readonly connection: Connection }
    | { readonly kind: "rejected"; readonly rejection: Rejection }
  > {
    const registration = await this.#registrations.find(connectionId, options);
    switch (registration.kind) {
      case "live":
        return { kind: "registered", connection: registration.connection };
      case "missing":
        return { kind: "rejected", rejection: rejection("NOT_REGISTERED", "sender") };
      case "unreadable":
        return { kind: "rejected", rejection: rejection("UNAVAILABLE", "registration") };
    }
  }
}

function reject(reason: Rejection, id: string | undefined, { requestId }: RelayInput): Answer {
  return { text: JSON.stringify(errorFrame(reason, { id, requestId })), error: reason.code };
}

/** The answer to a message that had targets: an error whenever there is one, a receipt only if the message had an id. */
function answerTo(
  summary: DeliverySummary,
  to: Target,
  id: string | undefined,
  { requestId }: RelayInput,
): Answer {
  const frame = toReceipt(summary, to, { id, requestId });
  if (frame.relay === "error") {
    return { text: JSON.stringify(frame), error: frame.code, summary };
  }
  return id === undefined ? { summary } : { text: JSON.stringify(frame), summary };
}
