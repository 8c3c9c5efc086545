/** Every code that an error frame may have. */
export const ERROR_CODES = [
  "INVALID_MESSAGE",
  "FORBIDDEN",
  "TARGET_GONE",
  "TOO_LARGE",
  "THROTTLED",
  "NOT_REGISTERED",
  "UNAVAILABLE",
] as const;
