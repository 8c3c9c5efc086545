import type { IdFrame, ReceiptFrame } from "../protocol/frames.ts";
import type { Connection } from "./connection.ts";
import { RelayError, type RelayErrorCode } from "./errors.ts";
import type { Settings } from "./options.ts";

/** The frames that answer a message. */
type Answer = ReceiptFrame | IdFrame;

interface Request {
  readonly text: string;
  /** Which of the relay's frames answers it. */
  readonly kind: Answer["relay"];
  /** The connection that it was put on; without one it waits in the outbox. */
  connection?: Connection;
  /** Gives the caller an answer, once. */
  readonly settle: (answer: Answer | RelayError) => void;
}

/** Messages without an answer yet, in the order in which they were sent. Every one is settled, once. */
export class Requests {
  readonly #settings: Settings;
  readonly #requests = new Map<unknown, Request>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Puts a message on the connection, or lets it wait for one, and resolves with the relay's answer or rejects with a
   * RelayError.
   */
  add<Kind extends Answer["relay"]>(
    id: string,
    text: string,
    kind: Kind,
    connection: Connection | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Extract<Answer, { relay: Kind }>> {
    const { clock, sendTimeout, outboxSize } = this.#settings;
    return new Promise((resolve, reject) => {
      const abort = () => this.#fail(id, "ABORTED", "The message was aborted.", signal?.reason);
      const timer = clock.setTimeout(() => {
        this.#fail(id, "TIMEOUT", "The message was not answered in time.");
        request.connection?.probe();
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
          resolve(answer as Extract<Answer, { relay: Kind }>);
        }
      };
      const request: Request = { text, kind, settle };
      this.#requests.set(id, request);
      if (connection?.send(text)) {
        request.connection = connection;
      } else if (this.#on(undefined).length > outboxSize) {
        this.#fail(id, "OUTBOX_FULL", "The outbox is full.");
      }
    });
  }

  /** Whether a message that was put on this connection still waits for its answer. */
  isBusy(connection: Connection): boolean {
    return this.#on(connection).length > 0;
  }

  /** Puts what waits on the connection. */
  flush(connection: Connection): void {
    for (const [, request] of this.#on(undefined)) {
      if (connection.send(request.text)) {
        request.connection = connection;
      }
    }
  }

  /**
   * Gives a message its answer; one that was rejected because this connection is not registered waits for another
   * connection. Returns whether there is such a message.
   */
  settle(id: unknown, answer: Answer | RelayError, connection?: Connection): boolean {
    const request = this.#requests.get(id);
    if ((answer as Partial<RelayError>).code === "NOT_REGISTERED") {
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
    for (const id of this.#requests.keys()) {
      this.#fail(id, "CLOSED", reason, cause);
    }
  }

  #on(connection: Connection | undefined): [unknown, Request][] {
    return [...this.#requests].filter(([, request]) => request.connection === connection);
  }

  #fail(id: unknown, code: RelayErrorCode, message: string, cause?: unknown): void {
    const mayHaveArrived = this.#requests.get(id)?.connection !== undefined;
    this.settle(id, new RelayError(code, message, { cause, mayHaveArrived }));
  }
}
