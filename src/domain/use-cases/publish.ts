import type {
  ErrorFrame,
  MessageFrame,
  ReceiptFrame,
  ServiceSender,
} from "../../../protocol/frames.ts";
import { isoTime } from "../delivery.ts";
import type { EnvelopeDelivery } from "../envelope-delivery.ts";
import { errorFrame, type Rejection, rejection } from "../errors.ts";
import { Failures } from "../failures.ts";
import { parsePublication } from "../messages.ts";
import type { Clock } from "../ports.ts";
import { type DeliverySummary, toReceipt } from "../receipt.ts";

/** What became of a publication: the answer to the backend, and what the log should have. */
export interface PublishReport {
  readonly answer: ErrorFrame | ReceiptFrame;
  /** What became of the message, if it had targets. */
  readonly summary: DeliverySummary | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}

/** A backend publishes a message: the relay takes it to its target, and returns what became of it. */
export class Publish {
  readonly #envelopes: EnvelopeDelivery;
  readonly #clock: Clock;

  constructor(envelopes: EnvelopeDelivery, clock: Clock) {
    this.#envelopes = envelopes;
    this.#clock = clock;
  }

  /**
   * Publishes one message. `publication` is what the backend asked for, whatever it holds; `requestId` is Lambda's,
   * the same for each try of one asynchronous invocation, so that receivers recognise the message; `deadline` is when
   * the invocation must be over, in milliseconds since 1970. Never rejects.
   */
  async execute(input: {
    readonly publication: unknown;
    readonly requestId: string;
    readonly deadline: number;
  }): Promise<PublishReport> {
    const { requestId, deadline } = input;
    const publication = parsePublication(input.publication);
    const { id } = publication;
    const rejected = (reason: Rejection): PublishReport => ({
      answer: errorFrame(reason, { id, requestId }),
      summary: undefined,
      failures: [],
    });
    if (publication.kind === "invalid") {
      return rejected({ code: "INVALID_MESSAGE", message: publication.reason });
    }
    const failures = new Failures();
    const { to, data } = publication;
    const from: Required<ServiceSender> = { service: publication.from };
    const envelope: Required<MessageFrame> = {
      relay: "message",
      messageId: requestId,
      from,
      to,
      data,
      id,
      sentAt: isoTime(this.#clock()),
    };
    const outcome = await this.#envelopes.deliver(envelope, { deadline, onFailure: failures.add });
    if (outcome.kind === "tooDeep") {
      return rejected(rejection("INVALID_MESSAGE", "tooDeep"));
    }
    const { summary } = outcome;
    const answer = toReceipt(summary, to, { id, requestId });
    return { answer, summary, failures: failures.first };
  }
}
