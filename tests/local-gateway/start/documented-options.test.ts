import { readFileSync } from "node:fs";
import { USAGE } from "../../../local-gateway/cli/arguments.ts";

test("docs/local-gateway.md has a row for each option of the command line, and for no other", () => {
  const page = readFileSync("docs/local-gateway.md", "utf8");
  const rows = page.match(/^\| `--.*$/gm)?.join("\n") ?? "";
  const documented = new Set(rows.match(/--[a-z-]+/g));
  const offered = new Set(USAGE.match(/^ {2}--[a-z-]+/gm)?.map((option) => option.trim()));
  expect([...documented].sort()).toEqual([...offered].sort());
});
