import type { ErrorCode } from "../protocol/errors.ts";
import type { ErrorFrame } from "../protocol/frames.ts";

/**
 * Why a message has no receipt, or a client could not be made: the relay's own codes, and then the client's.
 *
 * - `TIMEOUT`: there was no answer in time.
 * - `UNCONFIRMED`: the connection ended before the answer came, and nobody knows whether the message was delivered.
 * - `OUTBOX_FULL`: there is no connection, and too many messages wait for one.
 * - `ABORTED`: the caller's signal was aborted; its reason is the error's `cause`.
 * - `CLOSED`: the client is closed.
 * - `NO_HISTORY`: the option `history` is set, and the relay keeps no messages. They arrive as without the option.
 * - `INVALID_OPTION`: the constructor rejects its URL, the value of an option, or an option that does not exist. The error's
 *   `option` has its name, or `url`.
 */
export type RelayErrorCode =
  | ErrorCode
  | "TIMEOUT"
  | "UNCONFIRMED"
  | "OUTBOX_FULL"
  | "ABORTED"
  | "CLOSED"
  | "NO_HISTORY"
  | "INVALID_OPTION";

interface RelayErrorOptions extends ErrorOptions {
  readonly requestId?: string | undefined;
  readonly mayHaveArrived?: boolean;
  readonly option?: string;
}

/** Why a message has no receipt, or a client could not be made. The sentence is for people; programs look at `code`. */
export class RelayError extends Error {
  declare readonly code: RelayErrorCode;
  /** API Gateway's id of the request, when the relay itself answered: it finds the line in the function's log. */
  declare readonly requestId: string | undefined;
  /** Somebody may have received the message all the same; when false, nobody has, and sending it again is safe. */
  declare readonly mayHaveArrived: boolean;
  /** What the constructor rejects: the name of the option, or `url`. */
  declare readonly option: string | undefined;

  constructor(code: RelayErrorCode, message: string, options: RelayErrorOptions = {}) {
    super(message, options);
    const defaults = { name: "RelayError", code, mayHaveArrived: false };
    Object.assign(this, defaults, options);
  }
}

/**
 * With these codes the relay has sent nothing, and with those that are true it would reject the same message again. A code
 * that the protocol gains must be added here, or excluded.
 */
export const NOTHING_SENT: Readonly<Partial<Record<RelayErrorCode, boolean>>> = {
  INVALID_MESSAGE: true,
  FORBIDDEN: true,
  TARGET_GONE: false,
  TOO_LARGE: true,
  THROTTLED: false,
  NOT_REGISTERED: false,
  RATE_LIMITED: false,
  LIMIT_EXCEEDED: true,
} satisfies Record<Exclude<ErrorCode, "UNAVAILABLE">, boolean>;

/** The error that a frame reports. A relay newer than this client may have codes that the type does not name. */
export function toError({ code, message, requestId }: ErrorFrame): RelayError {
  const name = textOf(code) as ErrorCode;
  return new RelayError(name, textOf(message), {
    requestId,
    mayHaveArrived: !Object.hasOwn(NOTHING_SENT, name),
  });
}

/** A text of a frame, which in that of a newer relay may be anything. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The error for an argument of the constructor: its name, and what is wrong with it. */
export function invalidOption(option: string, problem: string): RelayError {
  return new RelayError("INVALID_OPTION", `${option} ${problem}.`, { option });
}
