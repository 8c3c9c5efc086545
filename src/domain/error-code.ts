import type { ERROR_CODES } from "./error-codes.ts";

/** Why a message is not known to have reached anybody, in one word for programs. */
export type ErrorCode = (typeof ERROR_CODES)[number];
