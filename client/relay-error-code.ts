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
