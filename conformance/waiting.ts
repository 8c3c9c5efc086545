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
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${what} did not come within ${seconds} s`)),
    seconds * 1000,
  );
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/** What has arrived and was not taken yet, in order. A caller that takes too early waits. */
export class Queue<Item> {
  readonly #items: Item[] = [];
  readonly #takers: ((item: Item) => void)[] = [];

  put(item: Item): void {
    const taker = this.#takers.shift();
    if (taker) {
      taker(item);
    } else {
      this.#items.push(item);
    }
  }

  /** The oldest item; each is taken once. */
  async take(): Promise<Item> {
    const [item] = this.#items.splice(0, 1);
    return item ?? (await new Promise<Item>((resolve) => this.#takers.push(resolve)));
  }
}
