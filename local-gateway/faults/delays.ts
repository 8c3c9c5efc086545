/** Waits that can all be ended before their time. */
export class Delays {
  readonly #waiting = new Set<() => void>();
  #ended = false;

  /** Resolves after a time, or as soon as the delays are ended. */
  async wait(milliseconds: number): Promise<void> {
    if (this.#ended) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#waiting.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }

  /** Ends every wait, those that begin later too. Twice is no error. */
  end(): void {
    this.#ended = true;
    for (const resolve of this.#waiting) {
      resolve();
    }
  }
}
