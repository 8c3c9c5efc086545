import { readFileSync } from "node:fs";
import { ERROR_CODES } from "../../protocol/errors.ts";

test("docs/protocol.md has a row for each error code, and for no other", () => {
  const page = readFileSync("docs/protocol.md", "utf8");
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(rows).toEqual([...ERROR_CODES]);
});
