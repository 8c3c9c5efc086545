/** A failure as the log may hold it: names, messages and causes, and where it was thrown. */
export function describeFailure(failure: unknown): Readonly<Record<string, unknown>> {
  if (!(failure instanceof Error)) {
    return { name: typeof failure };
  }
  const { name, message, stack, cause } = failure;
  return { name, message, stack, ...(cause instanceof Error && { cause: describeFailure(cause) }) };
}
