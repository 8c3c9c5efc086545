import { existsSync } from "node:fs";
import { BENCHMARKS, chooseBenchmarks } from "../../bench/benchmarks.ts";

test("all benchmarks run unless some are named", () => {
  expect(chooseBenchmarks(BENCHMARKS, [])).toEqual(BENCHMARKS);
  const chosen = chooseBenchmarks(BENCHMARKS, ["relay", "init"]);
  expect(chosen.map(({ name }) => name)).toEqual(["init", "relay"]);
});

test("a name that no benchmark has is rejected with the names that there are", () => {
  expect(() => chooseBenchmarks(BENCHMARKS, ["init", "speed"])).toThrow(
    /^There is no benchmark speed\. There are size, init, /,
  );
});

test.each(BENCHMARKS.map(({ name }) => name))("the file that defines %s has its name", (name) => {
  expect(existsSync(`bench/benchmarks/${name}.ts`)).toBe(true);
});
