import { readFileSync } from "node:fs";
import { COMMAND_OPTIONS } from "../../../local-gateway/cli/arguments.ts";
import { OPTIONS, type Option, SWITCH } from "../../../local-gateway/options.ts";

const code = (text: string) => `\`${text}\``;

function rowOf(name: string, { flag, takes, help, default: text }: Option): string {
  const shown = text === undefined || takes === SWITCH ? "" : code(text);
  const cells = [flag === undefined ? "" : code(flag), name && code(name), shown, help];
  return `|${cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|")}|`;
}

test("the table of options in docs/local-gateway.md is the gateway's own", () => {
  const page = readFileSync("docs/local-gateway.md", "utf8");
  const [, table = ""] =
    /^\| Command line \| `startLocalGateway` \|.*\n.*\n((?:\|.*\n)+)/m.exec(page) ?? [];
  expect(table.trimEnd().split("\n")).toEqual([
    ...Object.entries<Option>(OPTIONS).map(([name, option]) => rowOf(name, option)),
    ...Object.values<Option>(COMMAND_OPTIONS).map((option) => rowOf("", option)),
  ]);
});
