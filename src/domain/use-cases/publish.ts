import type { ReceiptFrame, ServiceSender } from "../../../protocol/frames.ts";
import { answerBackend, type BackendInput, type BackendReport } from "../answer.ts";
import { Rejection } from "../errors.ts";
import { parsePublication } from "../messages.ts";
import { UseCase } from "../parts.ts";
import { toReceipt } from "../receipt.ts";

/** A backend publishes a message: the relay takes it to its target, and returns what became of it. */
export class Publish extends UseCase {
  /** Publishes one message. Never rejects. */
  async execute(input: BackendInput): Promise<BackendReport<ReceiptFrame>> {
    const parsed = parsePublication(input.request);
    return await answerBackend(input, parsed, async (publication, context) => {
      const { to, data, keep, messageId = context.requestId } = publication;
      const from: Required<ServiceSender> = { service: publication.from };
      const content = { messageId, from, to, data, id: context.id };
      const delivered = await this.parts.envelopes.deliver(content, { ...context, keep });
      if (delivered instanceof Rejection) {
        return delivered;
      }
      const { summary, position } = delivered;
      return { answer: toReceipt(summary, to, { ...context, position }), summary };
    });
  }
}
