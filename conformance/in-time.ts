/**
 * Waits for something that should happen soon. Rejects when it takes longer than `seconds`, with what did not happen.
 *
 * @param what for example `a message`
 */
export async function inTime<Value>(
  promise: Promise<Value>,
  seconds: number,
  what: string,
): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`no sign of ${what} within ${seconds} s`)),
    seconds * 1000,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
