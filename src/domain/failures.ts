/** How many failures of one message are kept. Those of a large channel are mostly the same one, many times. */
const KEPT = 10;

/** What went wrong on our side with one message, for the log: the first few of it. */
export class Failures {
  readonly #kept: unknown[] = [];

  /** Takes note of one. */
  readonly add = (failure: unknown): void => {
    if (this.#kept.length < KEPT) {
      this.#kept.push(failure);
    }
  };

  /** The first ones, oldest first. */
  get first(): readonly unknown[] {
    return this.#kept;
  }
}
