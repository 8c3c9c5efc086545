/** What has arrived and was not yet taken, in order. Whoever takes before there is something waits for it. */
export class Inbox<Item> {
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

  /** How many items wait to be taken. */
  get size(): number {
    return this.#items.length;
  }
}
