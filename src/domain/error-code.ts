/** Why a message reached nobody, in one word for programs. */
export type ErrorCode =
  | "INVALID_MESSAGE"
  | "TARGET_GONE"
  | "TOO_LARGE"
  | "THROTTLED"
  | "UNAVAILABLE";
