/** Every code that an error frame may have. */
export const ERROR_CODES = [
  "INVALID_MESSAGE",
  "FORBIDDEN",
  "TARGET_GONE",
  "TOO_LARGE",
  "THROTTLED",
  "NOT_REGISTERED",
  "RATE_LIMITED",
  "LIMIT_EXCEEDED",
  "UNAVAILABLE",
] as const;

/** Why a message is not known to have reached anybody, in one word for programs. */
export type ErrorCode = (typeof ERROR_CODES)[number];
