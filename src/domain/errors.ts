import type { ErrorCode } from "../../protocol/errors.ts";
import type { ErrorFrame } from "../../protocol/frames.ts";

/** Why a message reached nobody: a code for programs and a sentence for people. */
export interface Rejection {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * The relay's sentences, by code and reason. Every code is here; an INVALID_MESSAGE may also have a sentence of its own,
 * which names the member at fault.
 */
const SENTENCES = {
  INVALID_MESSAGE: {
    tooDeep: '"data" is nested too deeply.',
    notAConnectionId: "API Gateway does not accept this as a connection id.",
  },
  FORBIDDEN: {
    rawForward: 'A connection id as "forward" is not allowed here: use {"connection":"…"}.',
    notAMember: "Only connections that are in a channel may send to it.",
  },
  TARGET_GONE: {
    user: "There is no connection of that user.",
    connection: "There is no connection with that id any more.",
  },
  TOO_LARGE: { delivery: "The message would be longer than the 128 KB that one may have." },
  THROTTLED: {
    delivery: "Too many messages at once: the target was not reached. Try again later.",
  },
  NOT_REGISTERED: {
    sender: "The relay does not know this connection, or its token has expired: connect again.",
  },
  UNAVAILABLE: {
    delivery: "The relay could not deliver the message. It may have arrived or not.",
    registration: "The relay could not read your registration, so it did nothing. Try again later.",
  },
} as const satisfies Record<ErrorCode, Readonly<Record<string, string>>>;

/** The rejection with this code, for one of its reasons. */
export function rejection<Code extends ErrorCode>(
  code: Code,
  reason: keyof (typeof SENTENCES)[Code],
): Rejection {
  const sentences: Readonly<Record<PropertyKey, string>> = SENTENCES[code];
  return { code, message: sentences[reason] ?? "" };
}

/** The frame that reports a rejection to the sender of the message `id`. */
export function errorFrame(
  { code, message }: Rejection,
  { id, requestId }: { readonly id: string | undefined; readonly requestId: string },
): ErrorFrame {
  const frame: Required<ErrorFrame> = { relay: "error", code, message, id, requestId };
  return frame;
}
