import { calls } from "../../bench/benchmarks/calls.ts";
import { isWithin } from "../../bench/finding.ts";
import { describeCalls } from "../../bench/operations.ts";

test("no operation of the built function makes other calls than documented", async () => {
  const findings = await calls.measure();
  expect(findings).toMatchObject([{ measured: 0 }]);
  expect(findings.every(isWithin)).toBe(true);
}, 60_000);

test("the table of the calls has a row for each operation, and a dash where it makes none", () => {
  expect(
    describeCalls([
      { what: "publish to a channel", database: ["Query", "Query"], posts: 4 },
      { what: "an undefined route", database: [], posts: 0 },
    ]),
  ).toEqual([
    "| operation | DynamoDB | posts |",
    "|---|---|---|",
    "| publish to a channel | Query, Query | 4 |",
    "| an undefined route | – | – |",
  ]);
});
