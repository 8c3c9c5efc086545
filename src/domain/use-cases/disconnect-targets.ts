import type { ClosedFrame, ReceiptFrame } from "../../../protocol/frames.ts";
import { answerBackend, type BackendInput, type BackendReport } from "../answer.ts";
import { parseDisconnect } from "../channel-messages.ts";
import type { DeliveryOptions, DeliveryOutcome } from "../delivery.ts";
import type { Parts } from "../parts.ts";
import { toReceipt } from "../receipt.ts";
import { actOnTargets } from "../targets.ts";

/** How often a throttled call is tried, the first try included. */
const TRIES = 4;
/** The longest wait before a second try, in milliseconds; it doubles before all further ones. */
const BACKOFF = 200;

/** A backend closes connections: the relay sends each the reason, closes it, and forgets it. */
export class DisconnectTargets {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Closes the connections of the target; in the receipt, `delivered` is how many. Never rejects. */
  async execute(input: BackendInput): Promise<BackendReport<ReceiptFrame>> {
    const { requestId } = input;
    const parsed = parseDisconnect(input.request);
    return await answerBackend(input, parsed, async ({ to, reason }, options) => {
      const frame: Required<ClosedFrame> = { relay: "closed", reason };
      const text = JSON.stringify(frame);
      // A user's socket outlives its registration. One whose membership has ended may well be in other channels.
      const ended = "user" in to;
      const summary = await actOnTargets(this.#parts, to, { ...options, ended }, (id) =>
        this.#close(id, text, options),
      );
      return { answer: toReceipt(summary, to, { id: parsed.id, requestId }), summary };
    });
  }

  /**
   * The socket is closed before the table is touched: what it sends meanwhile still finds its registration. A
   * connection that is gone is removed after one 410, since nobody wants it to stay.
   */
  async #close(
    connectionId: string,
    text: string,
    options: DeliveryOptions,
  ): Promise<DeliveryOutcome> {
    const { deadline, onFailure } = options;
    let sent = false;
    try {
      const send = () => this.#parts.sender.send(connectionId, text, deadline);
      const outcome = await this.#retry(deadline, send);
      if (outcome === "rejected") {
        return outcome;
      }
      sent = outcome === "delivered";
    } catch (failure) {
      // Without the reason it is closed all the same.
      onFailure(failure);
    }
    try {
      const outcome = await this.#retry(deadline, () =>
        this.#parts.sender.close(connectionId, deadline),
      );
      if (outcome === "throttled") {
        return "throttled";
      }
      await this.#remove(connectionId, options);
      // A client that closes when it reads the reason may be faster than the call.
      return outcome === "closed" || sent ? "delivered" : "gone";
    } catch (failure) {
      onFailure(failure);
      return "failed";
    }
  }

  async #remove(connectionId: string, options: DeliveryOptions): Promise<void> {
    try {
      await this.#parts.removal.remove(connectionId, options);
    } catch (failure) {
      // API Gateway's $disconnect event comes, too, and the next message finds that the connection is gone.
      options.onFailure(failure);
    }
  }

  /** Makes a call again while it is throttled, as long as there is time. */
  async #retry<Outcome>(deadline: number, call: () => Promise<Outcome>): Promise<Outcome> {
    for (let tried = 1; ; tried += 1) {
      const outcome = await call();
      const wait = Math.random() * BACKOFF * 2 ** (tried - 1);
      if (outcome !== "throttled" || tried >= TRIES || this.#parts.clock() + wait >= deadline) {
        return outcome;
      }
      await this.#parts.wait(wait);
    }
  }
}
