import { calls } from "../../bench/benchmarks/calls.ts";
import { isWithin } from "../../bench/is-within.ts";

test("no operation of the built function makes other calls than documented", async () => {
  const findings = await calls.measure();
  expect(findings).toMatchObject([{ measured: 0 }]);
  expect(findings.every(isWithin)).toBe(true);
}, 60_000);
