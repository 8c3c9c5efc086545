/** The longest time that a timer can wait, in seconds. */
export const LONGEST_TIME = 2_147_483;

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

/** Work that runs in the background, and that the gateway lets finish when it closes. */
export class PendingWork {
  readonly #work = new Set<Promise<void>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(work: Promise<void>): void {
    const settled = work.catch(this.#onError).then(() => {
      this.#work.delete(settled);
    });
    this.#work.add(settled);
  }

  /** Resolves when all work is done, also what was added meanwhile. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) {
      await Promise.all(this.#work);
    }
  }
}
