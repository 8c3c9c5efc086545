import type { StateChange } from "../client/index.ts";

/** Browsers do not tell why a connection was rejected, so a person is told what it may be. */
const GUESS =
  "Perhaps the address or its stage is wrong, the relay is not running, it demands a token, or it does not allow this channel or this page's origin.";

/** Why the client has given up before the first connection: to whom, after how many attempts, and what may be the cause. */
export function describeRejection(
  url: string,
  attempts: number,
  { reason, cause }: StateChange,
): string {
  // With a cause the reason is known, and is no rejection.
  return cause === undefined ? `Gave up on ${url} after ${attempts} attempts. ${GUESS}` : reason;
}
