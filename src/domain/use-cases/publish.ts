import type {
  ErrorFrame,
  MessageFrame,
  ReceiptFrame,
  ServiceSender,
} from "../../../protocol/frames.ts";
import { type BackendInput, type BackendReport, rejectBackend } from "../answer.ts";
import { isoTime } from "../delivery.ts";
import type { EnvelopeDelivery } from "../envelope-delivery.ts";
import { rejection } from "../errors.ts";
import { Failures } from "../failures.ts";
import { parsePublication } from "../messages.ts";
import type { Clock } from "../ports.ts";
import { toReceipt } from "../receipt.ts";

/** A backend publishes a message: the relay takes it to its target, and returns what became of it. */
export class Publish {
  readonly #envelopes: EnvelopeDelivery;
  readonly #clock: Clock;

  constructor(envelopes: EnvelopeDelivery, clock: Clock) {
    this.#envelopes = envelopes;
    this.#clock = clock;
  }

  /** Publishes one message. Never rejects. */
  async execute(input: BackendInput): Promise<BackendReport<ErrorFrame | ReceiptFrame>> {
    const { requestId, deadline } = input;
    const publication = parsePublication(input.request);
    const { id } = publication;
    if (publication.kind === "invalid") {
      const invalid = { code: "INVALID_MESSAGE", message: publication.reason } as const;
      return rejectBackend(invalid, id, input);
    }
    const failures = new Failures();
    const { to, data } = publication;
    const from: Required<ServiceSender> = { service: publication.from };
    const envelope: Required<MessageFrame> = {
      relay: "message",
      messageId: publication.messageId ?? requestId,
      from,
      to,
      data,
      id,
      sentAt: isoTime(this.#clock()),
    };
    const outcome = await this.#envelopes.deliver(envelope, { deadline, onFailure: failures.add });
    if (outcome.kind === "tooDeep") {
      return rejectBackend(rejection("INVALID_MESSAGE", "tooDeep"), id, input);
    }
    const { summary } = outcome;
    const answer = toReceipt(summary, to, { id, requestId });
    return { answer, summary, failures: failures.first };
  }
}
