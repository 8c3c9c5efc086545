import { RelayError, type StateChange } from "../client/index.ts";

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

/** Browsers do not say why a connection was rejected, so these are the possible causes. */
const GUESS =
  "Perhaps the address or its stage is wrong, the relay is not running, it demands a token, or it does not allow this channel or this page's origin.";

/** Why the client has given up before the first connection: to whom, after how many attempts, and the possible cause. */
export function describeRejection(
  url: string,
  attempts: number,
  { reason, cause }: StateChange,
): string {
  // With a cause the reason is known, and is not a rejection.
  return cause === undefined ? `Gave up on ${url} after ${attempts} attempts. ${GUESS}` : reason;
}
