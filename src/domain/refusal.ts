import type { ErrorCode } from "./error-code.ts";

/** Why a message reached nobody: a code for programs and a sentence for people. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}
