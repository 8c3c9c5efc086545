import type { MessageSender } from "../../src/domain/ports/message-sender.ts";
import type { SendOutcome } from "../../src/domain/send-outcome.ts";

/** A message sender that keeps what it is given, in order, for every connection that it was told of. */
export class RecordingMessageSender implements MessageSender {
  readonly #inboxes = new Map<string, string[]>();
  readonly #outcomes = new Map<string, SendOutcome | Error>();

  /** Makes a connection reachable. */
  connect(connectionId: string): void {
    this.#inboxes.set(connectionId, []);
  }

  /** From now on, a send to this connection ends so; an error makes it reject. */
  answerWith(connectionId: string, outcome: SendOutcome | Error): void {
    this.#outcomes.set(connectionId, outcome);
  }

  /** What a connection has received, oldest first. */
  inbox(connectionId: string): readonly string[] {
    return this.#inboxes.get(connectionId) ?? [];
  }

  /** Every text that anyone has received. */
  get delivered(): readonly string[] {
    return [...this.#inboxes.values()].flat();
  }

  async send(connectionId: string, text: string): Promise<SendOutcome> {
    const outcome = this.#outcomes.get(connectionId);
    if (outcome instanceof Error) {
      throw outcome;
    }
    if (outcome !== undefined && outcome !== "delivered") {
      return outcome;
    }
    const inbox = this.#inboxes.get(connectionId);
    // What travels is UTF-8, which has no half surrogate pairs.
    inbox?.push(Buffer.from(text).toString());
    return inbox === undefined ? "gone" : "delivered";
  }
}
