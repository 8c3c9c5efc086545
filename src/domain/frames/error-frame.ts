import type { ErrorCode } from "../error-code.ts";

/**
 * The text that tells a sender why its message reached nobody: `code` for programs, `message` (one sentence) for
 * people, the sender's own `id` if it gave one, and API Gateway's `requestId`, by which the log line is found.
 */
export function errorFrame(error: {
  readonly code: ErrorCode;
  readonly message: string;
  readonly id: string | undefined;
  readonly requestId: string;
}): string {
  const { code, message, id, requestId } = error;
  return JSON.stringify({ relay: "error", code, message, id, requestId });
}
