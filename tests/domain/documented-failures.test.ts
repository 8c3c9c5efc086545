import { readFileSync } from "node:fs";

test("docs/architecture.md has a row for each code of the relay's own failures", () => {
  const [, union = ""] = readFileSync("src/domain/failures.ts", "utf8").split("type FailureCode =");
  const [codes = ""] = union.split(";");
  const [, table = ""] = readFileSync("docs/architecture.md", "utf8").split("| Code in the log |");
  const [rows = ""] = table.split("\n\n");
  const documented = [...rows.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(documented).toEqual([...codes.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code));
  expect(documented).not.toEqual([]);
});
