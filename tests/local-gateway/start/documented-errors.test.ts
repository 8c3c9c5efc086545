import { readFileSync } from "node:fs";
import { ERROR_CODES } from "../../../local-gateway/errors.ts";

test("docs/local-gateway.md has a row for each code of LocalGatewayError, and for no other", () => {
  const page = readFileSync("docs/local-gateway.md", "utf8");
  const [, table = ""] =
    /^\| `LocalGatewayError` \|.*\n\|---\|---\|\n((?:\|.*\n)+)/m.exec(page) ?? [];
  const documented = table
    .trimEnd()
    .split("\n")
    .map((row) => /^\| `(\w+)` \| (.*) \|$/.exec(row)?.slice(1));
  expect(documented).toEqual(Object.entries(ERROR_CODES));
});
