import { type ChannelClosed, RelayError, type StateChange } from "../client/index.ts";
import { shorten } from "./message-text.ts";

/** Why there is no conversation, in a sentence; and the field of the form that corrects it, if there is one. */
export interface Problem {
  readonly text: string;
  readonly field?: Field;
}

type Field = keyof typeof FIELD_PROBLEMS;

const NAME_RULE = "must be 1 to 64 letters, digits and _ . @ : + - |, no spaces.";

/** What is wrong with what was typed into a field, which has the name of the client's option. */
const FIELD_PROBLEMS = {
  user: `Your name ${NAME_RULE}`,
  channel: `The channel ${NAME_RULE}`,
  url: "The address must begin with wss:// or ws:// and have no fragment.",
  token: "The token is not a JWT.",
} as const;

/** What is wrong with what was typed, from the client's error: the field, and a sentence with its label. */
export function toProblem(error: unknown): Problem {
  const field = error instanceof RelayError ? error.option : undefined;
  return isField(field)
    ? { field, text: FIELD_PROBLEMS[field] }
    : { text: (error as Error).message };
}

function isField(option: string | undefined): option is Field {
  return option !== undefined && Object.hasOwn(FIELD_PROBLEMS, option);
}

/** After how many failed attempts to connect for the first time the page gives up. */
export const MAX_ATTEMPTS = 5;

/** Browsers do not say why a connection was rejected, so these are the possible causes. */
const GUESS =
  "Perhaps the address or its stage is wrong, the relay is not running, it demands a token, or it does not allow this page's origin.";

/**
 * Why the client is closed, and will not connect again by itself: it has given up before the first connection, or an
 * operator has closed it. `attempts` is how many have failed since there was a connection.
 */
export function describeClosed(
  url: string,
  attempts: number,
  { reason, cause }: StateChange,
): string {
  if (cause !== undefined) {
    // Then the reason is known, and is not a rejection.
    return reason;
  }
  return attempts < MAX_ATTEMPTS
    ? `An operator has closed your connection: ${shorten(reason)}`
    : `Gave up on ${url} after ${attempts} attempts. ${GUESS}`;
}

/** Why the user is not in a channel any more, or could not join it. */
export function describeChannelClosed({ cause }: ChannelClosed): string {
  // Only an operator's end of a subscription has no error as its cause.
  return cause instanceof RelayError
    ? `You are not in this channel: ${cause.message} (${cause.code})`
    : "An operator has taken you out of this channel.";
}

/** Whether a subscription has failed because it asked for presence: the relay does not offer it, or not to so many. */
export function isPresenceRejection({ cause }: ChannelClosed): boolean {
  return (
    cause instanceof RelayError &&
    (cause.code === "INVALID_MESSAGE" || cause.code === "LIMIT_EXCEEDED")
  );
}
