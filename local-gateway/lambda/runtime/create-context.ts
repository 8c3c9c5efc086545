import type { InvokeMessage } from "./runtime-message.ts";

/**
 * The context object of one invocation; `constants` is the part that is the same for every event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function createContext(
  constants: Readonly<Record<string, string>>,
  { requestId, deadline }: InvokeMessage,
): object {
  return {
    ...constants,
    awsRequestId: requestId,
    // Callback-style handlers may set it. Here an answer never waits for the event loop.
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
