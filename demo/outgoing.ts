import { type RelayClient, RelayError } from "../client/index.ts";
import type { Composer } from "./composer.ts";
import type { Delivery } from "./delivery.ts";
import { describeFailure } from "./describe-failure.ts";
import { describeReceipt } from "./describe-receipt.ts";
import type { MessageList } from "./message-list.ts";
import type { Recipient } from "./recipient.ts";
import type { SentMessage } from "./sent-message.ts";

const SENDING: Delivery = { state: "sending", text: "Sending" };
const WAITING: Delivery = { state: "sending", text: "Waiting for the connection" };

/** Sends what was written, and has the conversation show what becomes of it. */
export class Outgoing {
  readonly #messages: MessageList;
  readonly #composer: Composer;
  /** Those that were written without a connection, in order. */
  readonly #waiting = new Set<SentMessage>();
  #client: RelayClient | undefined;

  constructor(messages: MessageList, composer: Composer) {
    this.#messages = messages;
    this.#composer = composer;
  }

  /** From now on messages go out through this client. */
  use(client: RelayClient): void {
    this.#client = client;
  }

  /** There is a connection: what has waited goes out now. Returns the first of it. */
  goOn(): SentMessage | undefined {
    const [first] = this.#waiting;
    for (const sent of this.#waiting) {
      sent.tell(SENDING);
    }
    this.#waiting.clear();
    return first;
  }

  async send(to: Recipient, text: string): Promise<void> {
    const sent = this.#messages.addSent(to, text);
    if (this.#client?.state === "open") {
      sent.tell(SENDING);
    } else {
      sent.tell(WAITING);
      this.#waiting.add(sent);
    }
    try {
      const receipt = await this.#client?.send(to, { text });
      if (receipt) {
        sent.tell(describeReceipt(receipt));
      }
    } catch (error) {
      if (error instanceof RelayError && error.code === "TOO_LARGE") {
        sent.element.remove();
        this.#composer.giveBack(text, error.message);
      } else {
        sent.tell(describeFailure(error));
      }
    } finally {
      this.#waiting.delete(sent);
    }
  }
}
