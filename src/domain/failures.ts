/**
 * The codes of the relay's own failures, by which the log is searched. Those of Node and the AWS SDK have their own.
 *
 * - `INVALID_CONFIGURATION`: an environment variable is missing or invalid, and the function does not start.
 * - `NO_CREDENTIALS`: the function's environment has no credentials to sign with.
 * - `ISSUER_KEYS_UNAVAILABLE`: a token could not be checked, because the issuer's keys cannot be had.
 * - `NOT_GONE`: API Gateway answered a post with 410, but the connection may be there.
 * - `UNPROCESSED_WRITES`: DynamoDB did not write all that it was given, again and again.
 * - `UNEXPECTED_STATUS`: API Gateway answered with a status that it does not document for the call.
 * - `HISTORY_THROTTLED`: DynamoDB throttled a call of the table of messages, and did nothing.
 * - `SLICE_EXPIRED`: a part of a message to a large group came too late, and its targets did not receive it.
 * - `FAN_OUT_TOO_LONG`: a message to a large group was handed from one invocation to the next too often, and has ended.
 * - `NUMBERS_CLOSED`: a message took so long to be stored, several times, that readers closed its numbers.
 */
export type FailureCode =
  | "INVALID_CONFIGURATION"
  | "NO_CREDENTIALS"
  | "ISSUER_KEYS_UNAVAILABLE"
  | "NOT_GONE"
  | "UNPROCESSED_WRITES"
  | "UNEXPECTED_STATUS"
  | "HISTORY_THROTTLED"
  | "SLICE_EXPIRED"
  | "FAN_OUT_TOO_LONG"
  | "NUMBERS_CLOSED";

/** Something that went wrong on our side, with what caused it. */
export class RelayFailure extends Error {
  override readonly name = "RelayFailure";
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** How many failures of one message are kept. Those of a large channel are mostly the same one, many times. */
const MAX_FAILURES = 10;

/** Collects what goes wrong on our side with one message, for the log: the first few of it. */
export function collectFailures() {
  const failures: unknown[] = [];
  const onFailure = (failure: unknown): void => {
    if (failures.length < MAX_FAILURES) {
      failures.push(failure);
    }
  };
  return { failures, onFailure };
}

/** Makes a call that may fail: the failure goes to `onFailure`, and the result is then `otherwise`. */
export async function attempt<Result, Otherwise>(
  { onFailure }: { readonly onFailure: (failure: unknown) => void },
  call: () => Promise<Result>,
  otherwise: Otherwise,
): Promise<Result | Otherwise> {
  try {
    return await call();
  } catch (failure) {
    onFailure(failure);
    return otherwise;
  }
}
