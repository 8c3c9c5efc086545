import type { InvokeMessage } from "./runtime-message.ts";

/**
 * The context object of one invocation; `constants` is the part that is the same for every event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function createContext(
  constants: Readonly<Record<string, string>>,
  { requestId, deadline, context }: InvokeMessage,
): object {
  return {
    ...constants,
    ...context,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
