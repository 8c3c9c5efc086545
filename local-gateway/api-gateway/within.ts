/** Waits for `work`, but no longer than `limit` milliseconds. */
export async function within(limit: number, work: Promise<void>): Promise<void> {
  const { promise: expired, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limit);
  try {
    await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
