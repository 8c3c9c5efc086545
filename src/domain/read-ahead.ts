/** The items of `source`, each of which is asked for as soon as the one before is handed out. */
export async function* readAhead<Item>(source: AsyncIterable<Item>): AsyncGenerator<Item> {
  const items = source[Symbol.asyncIterator]();
  let next = items.next();
  for (;;) {
    const { done, value } = await next;
    if (done === true) {
      return;
    }
    next = items.next();
    // A failure is dealt with when its turn comes, and nobody asks any more if that never does.
    next.catch(() => undefined);
    yield value;
  }
}
