import type { FanOutStore, SliceReport } from "../../src/domain/fan-out/ports.ts";
import { noOutcomes } from "../../src/domain/receipt.ts";

const NOW = Date.now();
/** More time than any call takes. */
const LATER = NOW + 3_600_000;

function report(after: string, delivered: number): SliceReport {
  return { after, outcomes: { ...noOutcomes(), delivered } };
}

/** What every fan-out store does. `assemble` gives an empty one each time. */
export function fanOutStoreContract(name: string, assemble: () => Promise<FanOutStore>): void {
  describe(`${name} keeps the contract of a fan-out store: it`, () => {
    const take = (store: FanOutStore, earliest: number, latest = LATER, length = 250) =>
      store.takeSlot({ length, earliest, latest }, LATER);

    test("gives one slot after the other, and none before it is asked for", async () => {
      const store = await assemble();
      expect(await take(store, NOW)).toBe(NOW);
      expect(await take(store, NOW + 10)).toBe(NOW + 250);
      expect(await take(store, NOW + 500)).toBe(NOW + 500);
      expect(await take(store, NOW + 2000)).toBe(NOW + 2000);
      expect(await take(store, NOW)).toBe(NOW + 2250);
    });

    test("gives a slot that begins at the latest time, and none after it", async () => {
      const store = await assemble();
      await take(store, NOW);
      expect(await take(store, NOW, NOW + 249)).toBeUndefined();
      expect(await take(store, NOW, NOW + 250)).toBe(NOW + 250);
    });

    test("gives each slot once, however many take one at the same time", async () => {
      const store = await assemble();
      await take(store, NOW);
      const taken = await Promise.all(Array.from({ length: 8 }, () => take(store, NOW)));
      expect(taken.sort()).toEqual(taken.map((_, index) => NOW + 250 * (index + 1)));
    });

    test("knows how far each delivery has come: what was saved last", async () => {
      const store = await assemble();
      expect(await store.findProgress("r1=", LATER)).toBeUndefined();
      await store.saveProgress("r1=", { after: "a=", targets: 3 }, LATER);
      await store.saveProgress("r2=", { after: "b=", targets: 5 }, LATER);
      await store.saveProgress("r1=", { after: "c=", targets: 6 }, LATER);
      expect(await store.findProgress("r1=", LATER)).toEqual({ after: "c=", targets: 6 });
      expect(await store.findProgress("r2=", LATER)).toEqual({ after: "b=", targets: 5 });
    });

    test("has the reports of each delivery, in the order of the slices", async () => {
      const store = await assemble();
      expect(await store.findReports("r1=", LATER)).toEqual([]);
      await store.saveProgress("r1=", { after: "c=", targets: 6 }, LATER);
      await store.report("r1=", report("b=", 2), LATER);
      await store.report("r1=", report("", 3), LATER);
      await store.report("r1=", report("Z=", 1), LATER);
      await store.report("r2=", report("", 9), LATER);
      expect(await store.findReports("r1=", LATER)).toEqual([
        report("", 3),
        report("Z=", 1),
        report("b=", 2),
      ]);
    });

    test("keeps the first report of a slice", async () => {
      const store = await assemble();
      await store.report("r1=", report("a=", 2), LATER);
      await store.report("r1=", report("a=", 3), LATER);
      expect(await store.findReports("r1=", LATER)).toEqual([report("a=", 2)]);
    });
  });
}
