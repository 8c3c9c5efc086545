import { readFileSync } from "node:fs";
import type { RelayErrorCode } from "../../client/index.ts";
import { readSettings } from "../../client/options.ts";
import { ERROR_CODES, type ErrorCode } from "../../protocol/errors.ts";
import { FakeWebSocket } from "./support/fake-web-socket.ts";

test("docs/client.md has a row for each option, with its default", () => {
  const page = readFileSync("docs/client.md", "utf8");
  const [, options = ""] = page.split("\n## Options\n");
  const documented = [...options.matchAll(/^\| `(\w+)` \| (.*?) ?\|/gm)].map(
    ([, name, value]): [string, number | undefined] => [
      name ?? "",
      /^[\d.]+$/.test(value ?? "") ? Number(value) : undefined,
    ],
  );
  const { url: _, ...settings } = readSettings("ws://127.0.0.1", { WebSocket: FakeWebSocket });
  const actual = Object.entries(settings).map(([name, value]) => [
    name,
    typeof value === "number" ? value : undefined,
  ]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(actual));
});

/** The client's own codes. The compiler compares them with the type, in both directions. */
const CLIENT_CODES = {
  TIMEOUT: 0,
  UNCONFIRMED: 0,
  OUTBOX_FULL: 0,
  ABORTED: 0,
  CLOSED: 0,
  INVALID_OPTION: 0,
  NO_HISTORY: 0,
} satisfies Record<Exclude<RelayErrorCode, ErrorCode>, 0>;

test("docs/client.md has a row for each error code", () => {
  const page = readFileSync("docs/client.md", "utf8");
  const [, table = ""] = page.split("| Code | Meaning |");
  const documented = [...table.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(([, codes = ""]) =>
    codes.replaceAll("`", "").split(", "),
  );
  expect(documented.sort()).toEqual([...ERROR_CODES, ...Object.keys(CLIENT_CODES)].sort());
});
