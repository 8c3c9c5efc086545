import type { ClosedFrame, ErrorFrame, ReceiptFrame } from "../../../protocol/frames.ts";
import { type BackendInput, type BackendReport, rejectBackend } from "../answer.ts";
import { parseDisconnect } from "../channel-messages.ts";
import { type DeliveryOptions, type DeliveryOutcome, forEachConcurrently } from "../delivery.ts";
import { Failures } from "../failures.ts";
import type { Clock, ConnectionStore, MessageSender, Wait } from "../ports.ts";
import { noOutcomes, toReceipt } from "../receipt.ts";
import type { Removal } from "../removal.ts";
import { readTargets } from "../targets.ts";

/** How often a throttled call is tried, the first try included. */
const TRIES = 4;
/** The longest wait before a second try, in milliseconds; it doubles before all further ones. */
const BACKOFF = 200;

/** A backend closes connections: the relay sends each the reason, closes it, and forgets it. */
export class DisconnectTargets {
  readonly #store: ConnectionStore;
  readonly #sender: MessageSender;
  readonly #removal: Removal;
  readonly #clock: Clock;
  readonly #wait: Wait;

  constructor(
    store: ConnectionStore,
    sender: MessageSender,
    removal: Removal,
    clock: Clock,
    wait: Wait,
  ) {
    this.#store = store;
    this.#sender = sender;
    this.#removal = removal;
    this.#clock = clock;
    this.#wait = wait;
  }

  /** Closes the connections of the target; in the receipt, `delivered` is how many. Never rejects. */
  async execute(input: BackendInput): Promise<BackendReport<ErrorFrame | ReceiptFrame>> {
    const { requestId, deadline } = input;
    const parsed = parseDisconnect(input.request);
    const { id } = parsed;
    if (parsed.kind === "invalid") {
      return rejectBackend(parsed.rejection, id, input);
    }
    const { to, reason } = parsed.request;
    const frame: Required<ClosedFrame> = { relay: "closed", reason };
    const text = JSON.stringify(frame);
    const failures = new Failures();
    const options = { deadline, onFailure: failures.add };
    const outcomes = noOutcomes();
    let complete = true;
    const onMissing = () => {
      complete = false;
    };
    // A socket outlives its registration, and still receives raw forwards.
    const targetOptions = { ...options, onMissing, ended: true };
    const targets = readTargets(this.#store, this.#clock, to, targetOptions);
    await forEachConcurrently(targets, async (connectionId) => {
      outcomes[await this.#close(connectionId, text, options)] += 1;
    });
    const summary = { outcomes, complete };
    const answer = toReceipt(summary, to, { id, requestId });
    return { answer, summary, failures: failures.first };
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
    try {
      await this.#retry(deadline, () => this.#sender.send(connectionId, text, deadline));
    } catch (failure) {
      // Without the reason it is closed all the same.
      onFailure(failure);
    }
    try {
      const outcome = await this.#retry(deadline, () => this.#sender.close(connectionId, deadline));
      if (outcome === "throttled") {
        return "throttled";
      }
      await this.#remove(connectionId, options);
      return outcome === "closed" ? "delivered" : "gone";
    } catch (failure) {
      onFailure(failure);
      return "failed";
    }
  }

  async #remove(connectionId: string, options: DeliveryOptions): Promise<void> {
    try {
      await this.#removal.remove(connectionId, options);
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
      if (outcome !== "throttled" || tried >= TRIES || this.#clock() + wait >= deadline) {
        return outcome;
      }
      await this.#wait(wait);
    }
  }
}
