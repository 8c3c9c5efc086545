import { alternate, median } from "../../bench/measure.ts";

test("a measurement and its baseline are taken in turn, and their medians are the result", async () => {
  const taken: string[] = [];
  const results = [3, 30, 1, 10, 2, 50];
  const take = (what: string) => async () => {
    taken.push(what);
    return results[taken.length - 1] ?? 0;
  };
  await expect(alternate(3, take("measured"), take("baseline"))).resolves.toEqual({
    measured: 2,
    baseline: 30,
  });
  expect(taken).toEqual(["measured", "baseline", "measured", "baseline", "measured", "baseline"]);
});

test("the median of an even number of values lies between the two in the middle", () => {
  expect(median([10, 1, 2, 4])).toBe(3);
  expect(() => median([])).toThrow("There is no median of nothing.");
});
