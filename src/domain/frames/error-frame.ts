import type { ErrorCode } from "../error-code.ts";

/**
 * Tells a sender why its message reached nobody: `code` for programs, `message` (one sentence) for people, the
 * sender's own `id` if it gave one, and the `requestId` by which the log line is found: API Gateway's, or Lambda's
 * where a backend invoked the function.
 */
export interface ErrorFrame {
  readonly relay: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly id: string | undefined;
  readonly requestId: string;
}
