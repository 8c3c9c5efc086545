import type { ReceiptFrame, ServiceSender } from "../../../protocol/frames.ts";
import { answerBackend, type BackendInput, type BackendReport } from "../answer.ts";
import type { EnvelopeDelivery } from "../envelope-delivery.ts";
import { parsePublication } from "../messages.ts";
import { toReceipt } from "../receipt.ts";

/** A backend publishes a message: the relay takes it to its target, and returns what became of it. */
export class Publish {
  readonly #envelopes: EnvelopeDelivery;

  constructor(envelopes: EnvelopeDelivery) {
    this.#envelopes = envelopes;
  }

  /** Publishes one message. Never rejects. */
  async execute(input: BackendInput): Promise<BackendReport<ReceiptFrame>> {
    const { requestId } = input;
    const parsed = parsePublication(input.request);
    return await answerBackend(input, parsed, async (publication, options) => {
      const { id } = parsed;
      const { to, data, keep, messageId = requestId } = publication;
      const from: Required<ServiceSender> = { service: publication.from };
      const content = { messageId, from, to, data, id };
      const outcome = await this.#envelopes.deliver(content, { ...options, keep });
      if (outcome.kind === "rejected") {
        return outcome.rejection;
      }
      const { summary, position } = outcome;
      return { answer: toReceipt(summary, to, { id, requestId, position }), summary };
    });
  }
}
