import type { Context } from "aws-lambda";

/** The time that the way back takes, from the last answer to the function's result, in milliseconds. */
const WAY_BACK = 500;

/** When everything that an invocation does must be over, in milliseconds since 1970. */
export function endsAt(context: Context): number {
  return Date.now() + context.getRemainingTimeInMillis() - WAY_BACK;
}
