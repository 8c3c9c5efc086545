import type { Delivery } from "../delivery.ts";
import type { DeliveryOutcome } from "../delivery-outcome.ts";
import type { ErrorCode } from "../error-code.ts";
import { errorFrame } from "../frames/error-frame.ts";
import { idFrame } from "../frames/id-frame.ts";
import { receiptFrame } from "../frames/receipt-frame.ts";
import { parseRelayMessage } from "../parse-relay-message.ts";
import type { RelayMessage } from "../relay-message.ts";
import type { RelayReport } from "../relay-report.ts";

/** What a sender is told when its message reached nobody; `delivered` is no such case. */
const UNDELIVERED: Record<Exclude<DeliveryOutcome, "delivered">, [ErrorCode, string]> = {
  gone: ["TARGET_GONE", "There is no connection with that id any more."],
  tooLarge: ["TOO_LARGE", "The message would be longer than the 128 KB that one may have."],
  throttled: [
    "THROTTLED",
    "Too many messages at once: the target was not reached. Try again later.",
  ],
  refused: ["INVALID_MESSAGE", '"forward" must be a connection id, and this is none.'],
  failed: ["UNAVAILABLE", "The relay could not deliver the message. It may have arrived or not."],
};

/** A client sends a message: the relay takes it where it belongs, and answers the sender with one frame at most. */
export class Relay {
  readonly #delivery: Delivery;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  /**
   * Relays one message. `message` is the client's parsed JSON, whatever it holds; `connectionId` is the sender's and
   * `requestId` API Gateway's. Never rejects: the report says what happened, for the log.
   */
  async execute(input: {
    readonly connectionId: string;
    readonly requestId: string;
    readonly message: unknown;
  }): Promise<RelayReport> {
    const failures: unknown[] = [];
    const onFailure = (failure: unknown) => failures.push(failure);
    const message = parseRelayMessage(input.message);
    const { answer, error } = await this.#relay(message, input, onFailure);
    const answered =
      answer === undefined
        ? undefined
        : await this.#delivery.deliver(input.connectionId, answer, onFailure);
    return { text: "Send data!", error, answered, failures };
  }

  async #relay(
    message: RelayMessage,
    { connectionId, requestId }: { readonly connectionId: string; readonly requestId: string },
    onFailure: (failure: unknown) => void,
  ): Promise<{ readonly answer?: string; readonly error?: ErrorCode }> {
    const { id } = message;
    const refuse = (code: ErrorCode, sentence: string) => ({
      answer: errorFrame({ code, message: sentence, id, requestId }),
      error: code,
    });
    if (message.kind === "invalid") {
      return refuse("INVALID_MESSAGE", message.reason);
    }
    if (message.kind === "whoAmI") {
      return { answer: id === undefined ? `YOUR ID: ${connectionId}` : idFrame(id, connectionId) };
    }
    const outcome = await this.#delivery.deliver(message.to, message.text, onFailure);
    if (outcome !== "delivered") {
      return refuse(...UNDELIVERED[outcome]);
    }
    return id === undefined
      ? {}
      : { answer: receiptFrame({ id, delivered: 1, gone: 0, failed: 0, complete: true }) };
  }
}
