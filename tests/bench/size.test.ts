import { size } from "../../bench/benchmarks/size.ts";
import { isWithin } from "../../bench/is-within.ts";

test("the deployed bundle is no larger than promised", async () => {
  const findings = await size.measure();
  expect(findings.filter((finding) => !isWithin(finding))).toEqual([]);
});
