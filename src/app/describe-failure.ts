/** How far a chain of causes is followed: further down it repeats itself, or runs in a circle. */
const DEEPEST_CAUSE = 5;

/**
 * A failure as the log may hold it: what it is called, its message, where it was thrown, the code that Node or the
 * request id that AWS gave it, and what caused it. What is no error could be anything, even a message: only its type
 * is told.
 */
export function describeFailure(
  failure: unknown,
  depth = DEEPEST_CAUSE,
): Readonly<Record<string, unknown>> {
  if (!(failure instanceof Error)) {
    return { name: typeof failure };
  }
  const { name, message, stack, cause } = failure;
  const { code, $metadata } = failure as Error & Details;
  return {
    name,
    message,
    code,
    awsRequestId: $metadata?.requestId,
    stack,
    cause: cause === undefined || depth === 0 ? undefined : describeFailure(cause, depth - 1),
  };
}

/** What Node's and the AWS SDK's errors have beside the usual. */
interface Details {
  readonly code?: string;
  readonly $metadata?: { readonly requestId?: string };
}
