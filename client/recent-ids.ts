/** The last ids that were added, up to a limit: memory must not grow with a client's age. */
export class RecentIds {
  readonly #ids = new Set<unknown>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(id: unknown): boolean {
    return this.#ids.has(id);
  }

  /** Whether the id is new. */
  add(id: unknown): boolean {
    if (this.#ids.has(id)) {
      return false;
    }
    this.#ids.add(id);
    if (this.#ids.size > this.#limit) {
      // A set keeps the order in which its members came: the first is the oldest.
      const [oldest] = this.#ids;
      this.#ids.delete(oldest);
    }
    return true;
  }
}
