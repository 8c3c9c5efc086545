import type { Frame } from "./messages.ts";

/**
 * Why a message was rejected: the relay's own codes, and then the client's.
 *
 * - `TIMEOUT`: there was no answer in time.
 * - `UNCONFIRMED`: the connection ended before the answer came, and nobody knows whether the message was delivered.
 * - `OUTBOX_FULL`: there is no connection, and too many messages wait for one.
 * - `ABORTED`: the caller's signal was aborted; its reason is the error's `cause`.
 * - `CLOSED`: the client is closed.
 */
export type RelayErrorCode =
  | "INVALID_MESSAGE"
  | "FORBIDDEN"
  | "TARGET_GONE"
  | "TOO_LARGE"
  | "THROTTLED"
  | "NOT_REGISTERED"
  | "RATE_LIMITED"
  | "LIMIT_EXCEEDED"
  | "UNAVAILABLE"
  | "TIMEOUT"
  | "UNCONFIRMED"
  | "OUTBOX_FULL"
  | "ABORTED"
  | "CLOSED";

interface RelayErrorOptions extends ErrorOptions {
  readonly requestId?: string | undefined;
  readonly mayHaveArrived?: boolean;
}

/** Why a message has no receipt. The sentence is for people; programs look at `code`. */
export class RelayError extends Error {
  readonly code: RelayErrorCode;
  /** API Gateway's id of the request, when the relay itself answered: it finds the line in the function's log. */
  readonly requestId: string | undefined;
  /** Somebody may have received the message all the same; when false, nobody has, and sending it again is safe. */
  readonly mayHaveArrived: boolean;

  constructor(code: RelayErrorCode, message: string, options: RelayErrorOptions = {}) {
    super(message, options);
    this.name = "RelayError";
    this.code = code;
    this.requestId = options.requestId;
    this.mayHaveArrived = options.mayHaveArrived ?? false;
  }
}

/** With these the relay says that it has sent nothing. */
const REJECTIONS: unknown[] = [
  "INVALID_MESSAGE",
  "FORBIDDEN",
  "TARGET_GONE",
  "TOO_LARGE",
  "THROTTLED",
  "NOT_REGISTERED",
  "RATE_LIMITED",
  "LIMIT_EXCEEDED",
];

/** The error that a frame tells of. A relay newer than this client may have codes that the type does not name. */
export function errorOf({ code, message, requestId }: Frame): RelayError {
  return new RelayError(code as RelayErrorCode, typeof message === "string" ? message : "", {
    requestId: requestId as string,
    mayHaveArrived: !REJECTIONS.includes(code),
  });
}
