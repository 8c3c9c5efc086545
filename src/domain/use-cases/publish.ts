import type { ErrorFrame, ReceiptFrame } from "../../../protocol/frames.ts";
import { Failures, isoTime } from "../delivery.ts";
import type { EnvelopeDelivery } from "../envelope-delivery.ts";
import { parsePublication } from "../messages.ts";
import type { Clock } from "../ports.ts";
import { conclude, type Tally } from "../receipt.ts";

/** What became of a publication: the answer to the backend, and what the log should have. */
export interface PublishReport {
  readonly answer: ErrorFrame | ReceiptFrame;
  /** What became of the message, if it had targets. */
  readonly tally: Tally | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}

/** A backend publishes a message: the relay takes it where it belongs, and returns what became of it. */
export class Publish {
  readonly #envelopes: EnvelopeDelivery;
  readonly #clock: Clock;

  constructor(envelopes: EnvelopeDelivery, clock: Clock) {
    this.#envelopes = envelopes;
    this.#clock = clock;
  }

  /**
   * Publishes one message. `publication` is what the backend asked for, whatever it holds; `requestId` is Lambda's,
   * the same for each try of one asynchronous invocation, so that receivers know the message again; `endsAt` is when
   * the invocation must be over, in milliseconds since 1970. Never rejects.
   */
  async execute(input: {
    readonly publication: unknown;
    readonly requestId: string;
    readonly endsAt: number;
  }): Promise<PublishReport> {
    const { requestId, endsAt } = input;
    const failures = new Failures();
    const publication = parsePublication(input.publication);
    const { id } = publication;
    const invalid = (message: string): PublishReport => ({
      answer: { relay: "error", code: "INVALID_MESSAGE", message, id, requestId },
      tally: undefined,
      failures: [],
    });
    if (publication.kind === "invalid") {
      return invalid(publication.reason);
    }
    const { from, to, data } = publication;
    const tally = await this.#envelopes.deliver(
      {
        relay: "message",
        messageId: requestId,
        from: { service: from },
        to,
        data,
        id,
        sentAt: isoTime(this.#clock()),
      },
      { until: endsAt, onFailure: failures.add },
    );
    if (tally === undefined) {
      return invalid('"data" is nested too deeply.');
    }
    return { answer: conclude(tally, to, { id, requestId }), tally, failures: failures.first };
  }
}
