import { EntryStore } from "../../../local-gateway/timeline/entry-store.ts";

function fill(store: EntryStore, count: number, text = ""): void {
  for (let id = store.lastId + 1, last = store.lastId + count; id <= last; id += 1) {
    store.add({ id, time: 0, kind: "log", text });
  }
}

const idsOf = (store: EntryStore, after = 0) => Array.from(store.after(after), ({ id }) => id);

test("keeps the last entries, and finds them by their ids", () => {
  const store = new EntryStore({ maxEntries: 3 });
  fill(store, 5);
  expect(idsOf(store)).toEqual([3, 4, 5]);
  expect(idsOf(store, 4)).toEqual([5]);
  expect(store.get(3)?.id).toBe(3);
  expect(store.get(2)).toBeUndefined();
  expect(store.get(6)).toBeUndefined();
});

test("keeps so many bytes of text, and the last entry whatever its size", () => {
  const store = new EntryStore({ maxBytes: 1_000 });
  fill(store, 10, "x".repeat(200));
  expect(idsOf(store)).toEqual([9, 10]);
  fill(store, 1, "x".repeat(5_000));
  expect(idsOf(store)).toEqual([11]);
});
