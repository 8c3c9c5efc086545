import type { ClosedFrame, ReceiptFrame } from "../../../protocol/frames.ts";
import { answerBackend, type BackendInput, type BackendReport } from "../answer.ts";
import { parseDisconnect } from "../channel-messages.ts";
import type { DeliveryOptions, DeliveryOutcome } from "../delivery.ts";
import { attempt } from "../failures.ts";
import { UseCase } from "../parts.ts";
import { toReceipt } from "../receipt.ts";
import { actOnTargets } from "../targets.ts";

/** How often a throttled call is tried, the first try included. */
const TRIES = 4;
/** The longest wait before a second try, in milliseconds; it doubles before all further ones. */
const BACKOFF = 200;

/** A backend closes connections: the relay sends each the reason, closes it, and forgets it. */
export class DisconnectTargets extends UseCase {
  /** Closes the connections of the target; in the receipt, `delivered` is how many. Never rejects. */
  async execute(input: BackendInput): Promise<BackendReport<ReceiptFrame>> {
    const parsed = parseDisconnect(input.request);
    return await answerBackend(input, parsed, async ({ to, reason }, context) => {
      const frame: Required<ClosedFrame> = { relay: "closed", reason };
      const text = JSON.stringify(frame);
      // A user's socket outlives its registration. One whose membership has ended may well be in other channels.
      const ended = "user" in to;
      const summary = await actOnTargets(this.parts, to, { ...context, ended }, (id) =>
        this.#close(id, text, context),
      );
      return { answer: toReceipt(summary, to, context), summary };
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
    const { sender, presence } = this.parts;
    const { deadline, onFailure } = options;
    // Without the reason it is closed all the same.
    const send = () => this.#retry(deadline, () => sender.send(connectionId, text, deadline));
    const posted = await attempt(options, send, "failed");
    if (posted === "rejected") {
      return posted;
    }
    const sent = posted === "delivered";
    try {
      const outcome = await this.#retry(deadline, () => sender.close(connectionId, deadline));
      if (outcome === "throttled") {
        return "throttled";
      }
      // If it fails, API Gateway's $disconnect event comes, too, and the next message finds that the connection is gone.
      const remove = () => presence.removeConnection(connectionId, options);
      await attempt(options, remove, undefined);
      // A client that closes when it reads the reason may be faster than the call.
      return outcome === "closed" || sent ? "delivered" : "gone";
    } catch (failure) {
      onFailure(failure);
      return "failed";
    }
  }

  /** Makes a call again while it is throttled, as long as there is time. */
  async #retry<Outcome>(deadline: number, call: () => Promise<Outcome>): Promise<Outcome> {
    for (let tried = 1; ; tried += 1) {
      const outcome = await call();
      const wait = Math.random() * BACKOFF * 2 ** (tried - 1);
      if (outcome !== "throttled" || tried >= TRIES || this.parts.clock() + wait >= deadline) {
        return outcome;
      }
      await this.parts.wait(wait);
    }
  }
}
