/** Steps that end what was started. Node 22 has no AsyncDisposableStack. */
export class Cleanup implements AsyncDisposable {
  readonly #steps: (() => Promise<void>)[] = [];

  /** Adds a step, which runs before those that were added earlier. */
  defer(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  /**
   * Runs every step once, one after the other, also when one before it fails. Twice is no error.
   *
   * Throws what the first of them threw.
   */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      await step().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) {
      throw errors[0];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run();
  }
}
