import type { ErrorCode } from "../../../protocol/errors.ts";
import type { ErrorFrame, IdFrame, Target } from "../../../protocol/frames.ts";
import type { Connection } from "../connection.ts";
import { type Delivery, type DeliveryOutcome, Failures, isoTime, type Terms } from "../delivery.ts";
import type { EnvelopeDelivery } from "../envelope-delivery.ts";
import { parseRelayMessage, type RelayMessage } from "../messages.ts";
import type { Clock } from "../ports.ts";
import { conclude, type Rejection, type Tally, tallyOf } from "../receipt.ts";
import type { Registrations } from "../registrations.ts";

/** What became of a message, for the Lambda's answer and for the log. It holds nothing that a client wrote. */
interface RelayReport {
  /** The route's answer. */
  readonly text: string;
  /** The code of the error that the sender was told, if any. */
  readonly error: ErrorCode | undefined;
  /** What became of the message, if it had targets. */
  readonly tally: Tally | undefined;
  /** What became of the frame to the sender, if there was one. */
  readonly answered: DeliveryOutcome | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}

/** The time that is kept back for the answer to the sender, in milliseconds. */
const ANSWER_TIME = 5000;
/** How often the answer is tried: to a sender who is throttled it is not worth the time of all tries. */
const ANSWER_TRIES = 2;

/** One message, as its event tells of it. */
interface Input {
  readonly connectionId: string;
  readonly messageId: string;
  readonly requestId: string;
  readonly message: unknown;
  readonly endsAt: number;
}

/** What there is to say to the sender, if anything, and to the log. */
type Answer = Partial<Pick<RelayReport, "error" | "tally">> & { readonly text?: string };

/** A client sends a message: the relay takes it where it belongs, and answers the sender with one frame at most. */
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

  /**
   * Relays one message. `message` is the client's parsed JSON, whatever it holds; `connectionId` is the sender's,
   * `messageId` and `requestId` are API Gateway's; `endsAt` is when the invocation must be over, in milliseconds since
   * 1970. Never rejects: the report says what happened, for the log.
   */
  async execute(input: Input): Promise<RelayReport> {
    const { connectionId, endsAt } = input;
    const failures = new Failures();
    const terms = { until: endsAt - ANSWER_TIME, onFailure: failures.add };
    const { text, error, tally } = await this.#relay(
      parseRelayMessage(input.message),
      input,
      terms,
    );
    const answered =
      text === undefined
        ? undefined
        : await this.#delivery.deliver(connectionId, text, {
            ...terms,
            until: endsAt,
            tries: ANSWER_TRIES,
          });
    return { text: "Send data!", error, tally, answered, failures: failures.first };
  }

  async #relay(message: RelayMessage, input: Input, terms: Terms): Promise<Answer> {
    const { id } = message;
    switch (message.kind) {
      case "invalid":
        return reject({ code: "INVALID_MESSAGE", message: message.reason }, id, input);
      case "whoAmI":
        return await this.#answerWhoAmI(id, input, terms);
      case "forward":
        return await this.#forward(message, input, terms);
      case "envelope":
        return this.#relayEnvelope(message, input, terms);
    }
  }

  async #answerWhoAmI(id: string | undefined, input: Input, terms: Terms): Promise<Answer> {
    const { connectionId } = input;
    if (id === undefined) {
      return { text: `YOUR ID: ${connectionId}` };
    }
    const asker = await this.#sender(connectionId, terms);
    if ("code" in asker) {
      return reject(asker, id, input);
    }
    const { user, channel } = asker;
    const expiresIn = Math.floor(asker.expiresAt - this.#clock() / 1000);
    const channels = channel === undefined ? [] : [{ channel, expiresIn }];
    const frame: IdFrame = { relay: "id", id, connectionId, user, expiresIn, channels };
    return { text: JSON.stringify(frame) };
  }

  async #forward(
    { id, to, text }: Extract<RelayMessage, { kind: "forward" }>,
    input: Input,
    terms: Terms,
  ): Promise<Answer> {
    if (this.#rawForward === "nobody") {
      return reject(NO_RAW_FORWARD, id, input);
    }
    if (this.#rawForward === "registered") {
      const sender = await this.#sender(input.connectionId, terms);
      if ("code" in sender) {
        return reject(sender, id, input);
      }
    }
    const tally = tallyOf(await this.#delivery.deliver(to, text, terms));
    return tell(tally, { connection: to }, id, input);
  }

  async #relayEnvelope(
    { id, to, data }: Extract<RelayMessage, { kind: "envelope" }>,
    input: Input,
    terms: Terms,
  ): Promise<Answer> {
    const { connectionId, messageId } = input;
    const sender = await this.#sender(connectionId, terms);
    if ("code" in sender) {
      return reject(sender, id, input);
    }
    const { user, channel } = sender;
    if ("channel" in to && to.channel !== channel) {
      return reject(NO_MEMBER, id, input);
    }
    const from = { connectionId, user };
    const sentAt = isoTime(this.#clock());
    const tally = await this.#envelopes.deliver(
      { relay: "message", messageId, from, to, data, id, sentAt },
      terms,
    );
    return tally === undefined ? reject(TOO_DEEP, id, input) : tell(tally, to, id, input);
  }

  /**
   * Who sent the message, as it is registered, or why nothing can be done in its name. What the message itself says of
   * its sender counts for nothing.
   */
  async #sender(connectionId: string, terms: Terms): Promise<Connection | Rejection> {
    const connection = await this.#registrations.find(connectionId, terms);
    switch (connection) {
      case "missing":
        return NOT_REGISTERED;
      case "unreadable":
        return UNREADABLE;
      default:
        return connection;
    }
  }
}

const NOT_REGISTERED: Rejection = {
  code: "NOT_REGISTERED",
  message: "The relay does not know this connection, or its token has expired: connect again.",
};
const UNREADABLE: Rejection = {
  code: "UNAVAILABLE",
  message: "The relay could not read your registration, so it did nothing. Try again later.",
};
const NO_RAW_FORWARD: Rejection = {
  code: "FORBIDDEN",
  message: 'A connection id as "forward" is not allowed here: use {"connection":"…"}.',
};
const NO_MEMBER: Rejection = {
  code: "FORBIDDEN",
  message: "Only connections that are in a channel may send to it.",
};
const TOO_DEEP: Rejection = { code: "INVALID_MESSAGE", message: '"data" is nested too deeply.' };

function reject(
  { code, message }: Rejection,
  id: string | undefined,
  { requestId }: { readonly requestId: string },
): Answer {
  const frame: ErrorFrame = { relay: "error", code, message, id, requestId };
  return { text: JSON.stringify(frame), error: code };
}

/** The answer of a message that had targets: an error whenever there is one, a receipt only if it had an id. */
function tell(tally: Tally, to: Target, id: string | undefined, input: Input): Answer {
  const frame = conclude(tally, to, { id, requestId: input.requestId });
  if (frame.relay === "error") {
    return { text: JSON.stringify(frame), error: frame.code, tally };
  }
  return id === undefined ? { tally } : { text: JSON.stringify(frame), tally };
}

/**
 * Who may send bare data to a connection id, which says nothing of its sender.
 *
 * - `everyone`: every client that knows the id.
 * - `registered`: only senders with a live registration, as where a token must have opened the connection.
 * - `nobody`: data travels in envelopes only.
 */
export type RawForward = "everyone" | "registered" | "nobody";
