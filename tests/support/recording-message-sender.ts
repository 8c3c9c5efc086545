import type {
  CloseOutcome,
  MessageSender,
  ProbeOutcome,
  SendOutcome,
} from "../../src/domain/ports.ts";

/** A message sender that keeps what it is given, in order, for every connection that was made reachable. */
export class RecordingMessageSender implements MessageSender {
  readonly #inboxes = new Map<string, string[]>();
  readonly #outcomes = new Map<string, (SendOutcome | Error)[]>();
  readonly #probeOutcomes = new Map<string, ProbeOutcome | Error>();
  readonly #closeOutcomes = new Map<string, (CloseOutcome | Error)[]>();
  readonly #closed = new Set<string>();
  /** Is called before each send, and may wait. */
  beforeSend: (connectionId: string) => unknown = () => {};
  /** Every try, as `send ID`, `probe ID` or `close ID`, oldest first. */
  readonly tries: string[] = [];

  /** Makes a connection reachable. */
  connect(connectionId: string): void {
    this.#inboxes.set(connectionId, []);
  }

  /** Makes a connection reachable that has been closed, without what it had received. */
  reconnect(connectionId: string): void {
    this.#closed.delete(connectionId);
    this.connect(connectionId);
  }

  /** From now on, sends to this connection end so, one after the other, and all further ones as the last; an error makes it reject. */
  answerWith(connectionId: string, ...outcomes: readonly (SendOutcome | Error)[]): void {
    this.#outcomes.set(connectionId, [...outcomes]);
  }

  /** From now on, a question whether this connection is there ends so, whatever sends to it do. */
  answerProbesWith(connectionId: string, outcome: ProbeOutcome | Error): void {
    this.#probeOutcomes.set(connectionId, outcome);
  }

  /** From now on, attempts to close this connection end so, one after the other, and all further ones as the last. */
  answerClosesWith(connectionId: string, ...outcomes: readonly (CloseOutcome | Error)[]): void {
    this.#closeOutcomes.set(connectionId, [...outcomes]);
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
    this.tries.push(`send ${connectionId}`);
    const waiting = this.beforeSend(connectionId);
    if (waiting !== undefined) {
      await waiting;
    }
    const outcomes = this.#outcomes.get(connectionId) ?? [];
    const outcome = outcomes.length > 1 ? outcomes.shift() : outcomes[0];
    if (outcome instanceof Error) {
      throw outcome;
    }
    if (outcome !== undefined && outcome !== "delivered") {
      return outcome;
    }
    const inbox = this.#closed.has(connectionId) ? undefined : this.#inboxes.get(connectionId);
    // What travels is UTF-8, which has no half surrogate pairs.
    inbox?.push(Buffer.from(text).toString());
    return inbox === undefined ? "gone" : "delivered";
  }

  async probe(connectionId: string): Promise<ProbeOutcome> {
    this.tries.push(`probe ${connectionId}`);
    const outcome = this.#probeOutcomes.get(connectionId) ?? this.#outcomes.get(connectionId)?.[0];
    if (outcome instanceof Error) {
      throw outcome;
    }
    if (outcome === "throttled" || outcome === "gone") {
      return outcome;
    }
    return this.#inboxes.has(connectionId) && !this.#closed.has(connectionId) ? "alive" : "gone";
  }

  async close(connectionId: string): Promise<CloseOutcome> {
    this.tries.push(`close ${connectionId}`);
    const outcomes = this.#closeOutcomes.get(connectionId) ?? [];
    const [sending] = this.#outcomes.get(connectionId) ?? [];
    const outcome = (outcomes.length > 1 ? outcomes.shift() : outcomes[0]) ?? sending;
    if (outcome instanceof Error) {
      throw outcome;
    }
    if (outcome === "throttled" || outcome === "gone") {
      return outcome;
    }
    const isThere = this.#inboxes.has(connectionId) && !this.#closed.has(connectionId);
    this.#closed.add(connectionId);
    return isThere ? "closed" : "gone";
  }
}
