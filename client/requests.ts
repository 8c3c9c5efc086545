import type {
  HistoryFrame,
  IdFrame,
  MembersFrame,
  ReceiptFrame,
  SubscribedFrame,
  UnsubscribedFrame,
} from "../protocol/frames.ts";
import { MEMBERS_ACTION } from "../protocol/requests.ts";
import type { Connection } from "./connection.ts";
import { RelayError, type RelayErrorCode } from "./errors.ts";
import type { Member, Request, SendOptions } from "./messages.ts";
import type { Settings } from "./options.ts";

/** The frames that answer a message. */
type Answer =
  | ReceiptFrame
  | IdFrame
  | SubscribedFrame
  | UnsubscribedFrame
  | MembersFrame
  | HistoryFrame;

/** The relay's frame of that kind. */
export type AnswerOf<Kind extends Answer["relay"]> = Extract<Answer, { relay: Kind }>;

interface Pending {
  readonly text: string;
  /** Which of the relay's frames answers it. */
  readonly kind: Answer["relay"];
  /** The channel that it waits for, if the client joins that. */
  readonly channel: string | undefined;
  /** The connection that it is about: it goes out on no other. */
  readonly only: Connection | undefined;
  /** The connection that it was put on; without one it waits in the outbox. */
  connection?: Connection;
  /** Gives the caller an answer, once. */
  readonly settle: (answer: Answer | RelayError) => void;
}

/** Messages without an answer yet, in the order in which they were sent. Every one is settled, once. */
export class Requests {
  readonly #settings: Settings;
  readonly #requests = new Map<unknown, Pending>();
  /** Where messages go, as long as it is open. */
  #current: Connection | undefined;
  #count = 0;
  #isClosed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Puts a message on the current connection, or lets it wait for one, and resolves with the relay's answer or rejects
   * with a RelayError. One to a `channel` waits as well where the connection is about to join that; one that is about a
   * connection goes out on that `only`.
   */
  async ask<Kind extends Answer["relay"]>(
    kind: Kind,
    request: Request,
    only?: Connection,
    { signal }: SendOptions = {},
    channel?: string,
  ): Promise<AnswerOf<Kind>> {
    // From JavaScript, it may be the signal's controller.
    if (signal && !signal.addEventListener) {
      throw new RelayError("INVALID_MESSAGE", "The signal is not an AbortSignal.");
    }
    const id = String(++this.#count);
    const text = this.#write({ ...request, id });
    if (this.#isClosed) {
      throw clientIsClosed();
    }
    const { clock, sendTimeout, outboxSize } = this.#settings;
    return new Promise((resolve, reject) => {
      const abort = () => this.#fail(id, "ABORTED", "The message was aborted.", signal?.reason);
      const timer = clock.setTimeout(() => {
        this.#fail(id, "TIMEOUT", "The message was not answered in time.");
        pending.connection?.probe();
      }, sendTimeout);
      signal?.addEventListener("abort", abort);
      const settle = (answer: Answer | RelayError) => {
        this.#requests.delete(id);
        clock.clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        if (answer instanceof RelayError) {
          reject(answer);
        } else {
          // Only an answer of this kind settles the request.
          resolve(answer as AnswerOf<Kind>);
        }
      };
      const pending: Pending = { text, kind, channel, only, settle };
      this.#requests.set(id, pending);
      if (signal?.aborted) {
        abort();
      } else {
        this.#put(pending, only ?? this.#current);
        if (this.#on(undefined).length > outboxSize) {
          this.#fail(id, "OUTBOX_FULL", "The outbox is full.");
        }
      }
    });
  }

  /** Asks who is in a channel, one page after the other. */
  async *members(
    channel: string,
    only?: Connection,
    options?: SendOptions,
  ): AsyncGenerator<Member, void> {
    let after: string | undefined;
    do {
      const request = { action: MEMBERS_ACTION, channel, after } as const;
      const { members, next } = await this.ask("members", request, only, options, channel);
      yield* [members ?? []].flat();
      after = next;
    } while (after);
  }

  /** Whether a message that was put on this connection still waits for its answer. */
  isBusy(connection: Connection): boolean {
    return this.#on(connection).length > 0;
  }

  /** Puts what waits on the connection, which is the current one from now on. */
  flush(connection = this.#current): void {
    this.#current = connection;
    for (const [, pending] of this.#on(undefined)) {
      this.#put(pending, connection);
    }
  }

  /**
   * Gives a message its answer; one that was rejected because this connection is not registered waits for another
   * connection. Returns whether there is such a message.
   */
  settle(id: unknown, answer: Answer | RelayError, connection?: Connection): boolean {
    const request = this.#requests.get(id);
    if ((answer as Partial<RelayError>).code === "NOT_REGISTERED" && !request?.only) {
      // An answer that comes twice must not recall what another connection has sent.
      if (request?.connection === connection) {
        delete request?.connection;
      }
    } else if (answer instanceof RelayError || answer.relay === request?.kind) {
      request?.settle(answer);
    }
    return request !== undefined;
  }

  /** Rejects what was put on the connection; what still waits goes on waiting. */
  lose(connection: Connection): void {
    for (const [id] of this.#on(connection)) {
      this.#fail(id, "UNCONFIRMED", "The connection ended before the message was answered.");
    }
  }

  /** Rejects everything. */
  close(reason: string, cause: unknown): void {
    this.#isClosed = true;
    for (const id of this.#requests.keys()) {
      this.#fail(id, "CLOSED", reason, cause);
    }
  }

  #put(pending: Pending, connection: Connection | undefined): void {
    const { channel, only } = pending;
    if (!connection || connection.isDraining) {
      return;
    }
    const { joined } = connection;
    const waits = joined.has(channel) && !joined.get(channel);
    // With `only`, a connection that cannot send ends, and the request with it.
    if (!waits && (connection.send(pending.text) || only)) {
      pending.connection = connection;
    }
  }

  #write(request: object): string {
    let text: string;
    let bytes: number;
    try {
      text = JSON.stringify(request);
      // In UTF-8, without a TextEncoder: older versions of React Native have none.
      bytes = encodeURI(text).replace(/%../g, "%").length;
    } catch (cause) {
      // What JSON cannot hold, and what is too long for a string.
      throw new RelayError("INVALID_MESSAGE", "The data cannot be written as JSON.", { cause });
    }
    const { maxMessageBytes } = this.#settings;
    if (bytes > maxMessageBytes) {
      const sentence = `The message has ${bytes} bytes as JSON: ${maxMessageBytes} are allowed.`;
      throw new RelayError("TOO_LARGE", sentence);
    }
    return text;
  }

  #on(connection: Connection | undefined): [unknown, Pending][] {
    return [...this.#requests].filter(([, request]) => request.connection === connection);
  }

  #fail(id: unknown, code: RelayErrorCode, message: string, cause?: unknown): void {
    const mayHaveArrived = this.#requests.get(id)?.connection !== undefined;
    this.settle(id, new RelayError(code, message, { cause, mayHaveArrived }));
  }
}

/** Why a closed client rejects whatever it is given. */
export function clientIsClosed(): RelayError {
  return new RelayError("CLOSED", "The client is closed.");
}
