/** Work that nobody waits for while the gateway runs, and that it lets finish when it closes. */
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

  /** Resolves when nothing is under way, not even what was added meanwhile. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) {
      await Promise.all(this.#work);
    }
  }
}
