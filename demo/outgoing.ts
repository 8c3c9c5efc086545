import { type RelayClient, RelayError } from "../client/index.ts";
import type { Composer, Recipient } from "./composer.ts";
import { type Delivery, describeFailure, describeReceipt } from "./delivery.ts";
import type { SentMessage } from "./message-element.ts";
import type { MessageList } from "./message-list.ts";

const SENDING: Delivery = { state: "sending", text: "Sending" };
const WAITING: Delivery = { state: "sending", text: "Waiting for the connection" };

/** Sends what was written, and shows in its conversation what becomes of it. */
export class Outgoing {
  readonly #composer: Composer;
  /** Those that were written without a connection, in order. */
  readonly #waiting = new Set<SentMessage>();
  #client: RelayClient | undefined;

  constructor(composer: Composer) {
    this.#composer = composer;
  }

  /** From now on messages go out through this client. */
  use(client: RelayClient): void {
    this.#client = client;
  }

  /** There is a connection: what has waited goes out now. Returns it, in order. */
  goOn(): readonly SentMessage[] {
    const waiting = [...this.#waiting];
    for (const sent of waiting) {
      sent.show(SENDING);
    }
    this.#waiting.clear();
    return waiting;
  }

  async send(messages: MessageList, to: Recipient, text: string): Promise<void> {
    const sent = messages.addSent(to, text);
    if (this.#client?.state === "open") {
      sent.show(SENDING);
    } else {
      sent.show(WAITING);
      this.#waiting.add(sent);
    }
    try {
      const receipt = await this.#client?.send(to, { text });
      if (receipt) {
        sent.show(describeReceipt(receipt));
        messages.place(sent, receipt);
      }
    } catch (error) {
      const isTooLarge = error instanceof RelayError && error.code === "TOO_LARGE";
      if (isTooLarge && this.#composer.giveBack(to, text, error.message)) {
        sent.element.remove();
      } else {
        sent.show(describeFailure(error));
      }
    } finally {
      this.#waiting.delete(sent);
    }
  }
}
