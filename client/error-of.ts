import type { Frame } from "./parse-frame.ts";
import { RelayError } from "./relay-error.ts";
import type { RelayErrorCode } from "./relay-error-code.ts";

/** With these the relay says that it has sent nothing. */
const REFUSALS: unknown[] = [
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
    mayHaveArrived: !REFUSALS.includes(code),
  });
}
