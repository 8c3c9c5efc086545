import type { InvocationResult } from "./invocation-result.ts";

/**
 * The largest event that Lambda accepts from an invoker that waits for the result, in bytes: 6 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_EVENT_BYTES = 6_291_456;

/** An event that a function may run, or why Lambda does not accept it. */
export type Admission =
  | { readonly admitted: true; readonly json: string }
  | { readonly admitted: false; readonly result: InvocationResult };

/** What the pool looks like to an event that arrives. */
export interface Occupancy {
  readonly closed: boolean;
  /** The invocations that have not ended, those that still wait included. */
  readonly invocations: number;
  /** The reserved concurrency; Infinity when events wait. */
  readonly maxInvocations: number;
}

/**
 * Decides whether an event is run, and makes it JSON text. Beyond the reserved concurrency Lambda rejects at once.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export function admitEvent(
  event: unknown,
  { closed, invocations, maxInvocations }: Occupancy,
): Admission {
  if (closed) {
    return rejected("ServiceException", "The function has been stopped");
  }
  if (invocations >= maxInvocations) {
    return rejected("TooManyRequestsException", "Rate Exceeded.");
  }
  const json = toJson(event);
  if (json === undefined) {
    return rejected("InvalidRequestContentException", "The event has no JSON");
  }
  if (Buffer.byteLength(json) > MAX_EVENT_BYTES) {
    const errorMessage = `The event has more than ${MAX_EVENT_BYTES} bytes`;
    return rejected("RequestTooLargeException", errorMessage);
  }
  return { admitted: true, json };
}

function rejected(errorType: string, errorMessage: string): Admission {
  return { admitted: false, result: { outcome: "rejected", errorType, errorMessage } };
}

function toJson(event: unknown): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    return undefined;
  }
}
