import type { RelayErrorCode } from "./relay-error-code.ts";

interface RelayErrorOptions extends ErrorOptions {
  readonly requestId?: string | undefined;
  readonly mayHaveArrived?: boolean;
}

/** Why a message has no receipt. The sentence is for people; programs look at `code`. */
export class RelayError extends Error {
  readonly code: RelayErrorCode;
  /** API Gateway's id of the request, when the relay itself answered: it finds the line in the function's log. */
  readonly requestId: string | undefined;
  /** Somebody may have received the message all the same; when false, nobody has, and sending it again is safe. */
  readonly mayHaveArrived: boolean;

  constructor(code: RelayErrorCode, message: string, options: RelayErrorOptions = {}) {
    super(message, options);
    this.name = "RelayError";
    this.code = code;
    this.requestId = options.requestId;
    this.mayHaveArrived = options.mayHaveArrived ?? false;
  }
}
