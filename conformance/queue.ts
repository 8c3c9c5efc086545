/** What has arrived and was not taken yet, in order. Whoever takes too early waits. */
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
