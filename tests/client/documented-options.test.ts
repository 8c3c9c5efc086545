import { readFileSync } from "node:fs";
import { readSettings } from "../../client/options.ts";
import { FakeWebSocket } from "./support/fake-web-socket.ts";

test("docs/client.md has a row for each option, with its default", () => {
  const page = readFileSync("docs/client.md", "utf8");
  const [, options = ""] = page.split("\n## Options\n");
  const documented = [...options.matchAll(/^\| `(\w+)` \| (.*?) ?\|/gm)].map(
    ([, name, value]): [string, number | undefined] => [
      name ?? "",
      /^\d+$/.test(value ?? "") ? Number(value) : undefined,
    ],
  );
  const { url: _, ...settings } = readSettings("ws://127.0.0.1", { WebSocket: FakeWebSocket });
  const actual = Object.entries({ user: undefined, channel: undefined, ...settings }).map(
    ([name, value]) => [name, typeof value === "number" ? value : undefined],
  );
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(actual));
});

test("docs/client.md has a row for each error code", () => {
  const page = readFileSync("docs/client.md", "utf8");
  const source = readFileSync("client/relay-error-code.ts", "utf8");
  const [, table = ""] = page.split("| Code | Meaning |");
  const documented = [...table.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(([, codes = ""]) =>
    codes.replaceAll("`", "").split(", "),
  );
  const actual = [...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code]) => code);
  expect(documented.sort()).toEqual(actual.sort());
});
