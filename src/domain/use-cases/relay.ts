import { conclude } from "../conclude.ts";
import type { Delivery } from "../delivery.ts";
import type { EnvelopeDelivery } from "../envelope-delivery.ts";
import { Failures } from "../failures.ts";
import type { ErrorFrame } from "../frames/error-frame.ts";
import type { IdFrame } from "../frames/id-frame.ts";
import { isoTime } from "../iso-time.ts";
import { parseRelayMessage } from "../parse-relay-message.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionStore } from "../ports/connection-store.ts";
import type { Refusal } from "../refusal.ts";
import type { RelayMessage } from "../relay-message.ts";
import type { RelayReport } from "../relay-report.ts";
import type { Tally } from "../tally.ts";
import { tallyOf } from "../tally-of.ts";
import type { Target } from "../target.ts";
import type { Terms } from "../terms.ts";

/** The time that is kept back for the answer to the sender, in milliseconds. */
const ANSWER_TIME = 5000;

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
  readonly #store: ConnectionStore;
  readonly #delivery: Delivery;
  readonly #envelopes: EnvelopeDelivery;
  readonly #clock: Clock;

  constructor(
    store: ConnectionStore,
    delivery: Delivery,
    envelopes: EnvelopeDelivery,
    clock: Clock,
  ) {
    this.#store = store;
    this.#delivery = delivery;
    this.#envelopes = envelopes;
    this.#clock = clock;
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
        : await this.#delivery.deliver(connectionId, text, { ...terms, until: endsAt });
    return { text: "Send data!", error, tally, answered, failures: failures.first };
  }

  async #relay(message: RelayMessage, input: Input, terms: Terms): Promise<Answer> {
    const { id } = message;
    switch (message.kind) {
      case "invalid":
        return refuse({ code: "INVALID_MESSAGE", message: message.reason }, id, input);
      case "whoAmI":
        return { text: whoAmI(id, input.connectionId) };
      case "forward": {
        const { to, text } = message;
        const tally = tallyOf(await this.#delivery.deliver(to, text, terms));
        return tell(tally, { connection: to }, id, input);
      }
      case "envelope":
        return this.#relayEnvelope(message, input, terms);
    }
  }

  async #relayEnvelope(
    { id, to, data }: Extract<RelayMessage, { kind: "envelope" }>,
    input: Input,
    terms: Terms,
  ): Promise<Answer> {
    const { connectionId, messageId } = input;
    const sender = await this.#sender(connectionId, terms);
    if (sender === undefined) {
      return refuse(NO_SENDER, id, input);
    }
    const { user, channel } = sender;
    if ("channel" in to && to.channel !== channel) {
      return refuse(NO_MEMBER, id, input);
    }
    const from = { connectionId, user };
    const sentAt = isoTime(this.#clock());
    const tally = await this.#envelopes.deliver(
      { relay: "message", messageId, from, to, data, id, sentAt },
      terms,
    );
    return tally === undefined ? refuse(TOO_DEEP, id, input) : tell(tally, to, id, input);
  }

  /** Who sent the message, as it is registered: what the message itself says of it counts for nothing. */
  async #sender(connectionId: string, { until, onFailure }: Terms) {
    try {
      return await this.#store.find(connectionId, until);
    } catch (failure) {
      onFailure(failure);
      return undefined;
    }
  }
}

const NO_SENDER: Refusal = {
  code: "UNAVAILABLE",
  message:
    "The relay does not know who you are, and has sent nothing. Connect again if it stays so.",
};
const NO_MEMBER: Refusal = {
  code: "FORBIDDEN",
  message: "Only connections that are in a channel may send to it.",
};
const TOO_DEEP: Refusal = { code: "INVALID_MESSAGE", message: '"data" is nested too deeply.' };

function refuse(
  { code, message }: Refusal,
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

function whoAmI(id: string | undefined, connectionId: string): string {
  if (id === undefined) {
    return `YOUR ID: ${connectionId}`;
  }
  const frame: IdFrame = { relay: "id", id, connectionId };
  return JSON.stringify(frame);
}
