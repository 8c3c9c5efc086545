import { describeCalls } from "../../bench/describe-calls.ts";

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
