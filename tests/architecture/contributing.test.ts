import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { WebSocket } from "ws";
import { startLocalGateway } from "../../local-gateway/index.ts";

const PROJECT = resolve(import.meta.dirname, "../..");
const PAGE = readFileSync(join(PROJECT, "CONTRIBUTING.md"), "utf8");

/** How long to wait for the function, in milliseconds: its first event may have to wait for its process. */
const TIMEOUT = 20_000;

/** A code block of the page, and the file that the paragraph above it names first. */
interface Block {
  readonly file: string;
  readonly language: string;
  readonly code: string;
}

function blocksOf(heading: string): readonly Block[] {
  const section = PAGE.split(/^###? /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/`([\w./-]+\.\w+)`(?:(?!\n\n).)*\n\n```(\w+)\n(.*?)^```$/gms)].map(
    ([, file = "", language = "", code = ""]) => ({ file, language, code }),
  );
}

/** Applies the hunks of a diff without line numbers. Throws unless each fits exactly one place. */
function patched(text: string, diff: string): string {
  return diff.split(/^@@\n/m).reduce((before, hunk) => {
    const side = (sign: string) =>
      hunk
        .split(/(?<=\n)/)
        .filter((line) => line.startsWith(" ") || line.startsWith(sign))
        .map((line) => line.slice(1))
        .join("");
    const parts = before.split(side("-"));
    if (parts.length !== 2) {
      throw new Error(`There are ${parts.length - 1} places, not one, for:\n${hunk}`);
    }
    return parts.join(side("+"));
  }, text);
}

/** Builds and runs the template, sends one message, and resolves with what comes back. */
async function answerTo(message: object, template: string): Promise<string> {
  const gateway = await startLocalGateway({ template, quiet: true, watch: false });
  try {
    const webSocket = new WebSocket(gateway.url);
    await once(webSocket, "open", { signal: AbortSignal.timeout(TIMEOUT) });
    webSocket.send(JSON.stringify(message));
    const [answer] = await once(webSocket, "message", { signal: AbortSignal.timeout(TIMEOUT) });
    return String(answer);
  } finally {
    await gateway.close();
  }
}

test("a hunk of a recipe replaces exactly one place", () => {
  expect(patched("a\nb\nc\n", " a\n-b\n+x\n@@\n c\n+d\n")).toBe("a\nx\nc\nd\n");
  expect(() => patched("a\nb\n", " c\n+d\n")).toThrow("There are 0 places, not one");
  expect(() => patched("a\na\n", " a\n+b\n")).toThrow("There are 2 places, not one");
});

test("the recipe for a route compiles, and the built function then answers on that route", async () => {
  const copy = await mkdtemp(join(tmpdir(), "recipe-"));
  try {
    for (const name of ["src", "protocol", "template.yaml", "tsconfig.json", "package.json"]) {
      await cp(join(PROJECT, name), join(copy, name), { recursive: true });
    }
    await symlink(join(PROJECT, "node_modules"), join(copy, "node_modules"), "junction");
    const blocks = blocksOf("Add a route");
    expect(blocks.map(({ language }) => language)).toEqual(["ts", "diff", "diff"]);
    for (const { file, language, code } of blocks) {
      const path = join(copy, file);
      await writeFile(
        path,
        language === "diff" ? patched(await readFile(path, "utf8"), code) : code,
      );
    }
    const compiler = join(PROJECT, "node_modules/@typescript/native/bin/tsc");
    await promisify(execFile)(process.execPath, [compiler, "--noEmit", "-p", copy]);
    const answer = await answerTo({ action: "timeRoute" }, join(copy, "template.yaml"));
    expect(answer).toMatch(/^TIME: \d{13}$/);
  } finally {
    await rm(copy, { recursive: true });
  }
}, 60_000);

test("every file that the recipes name exists, but for those that they add", () => {
  const [, recipes = ""] = /^## Recipes\n(.*?)^## /ms.exec(PAGE) ?? [];
  const paths = /`((?:src|protocol|client|local-gateway|bench|tests)\/[\w./-]*)`/g;
  const named = new Set([...recipes.matchAll(paths)].map(([, path = ""]) => path));
  const added = ["src/domain/use-cases/report-time.ts", "tests/domain/report-time.test.ts"];
  expect([...named].filter((path) => !existsSync(join(PROJECT, path))).sort()).toEqual(added);
});

test("the glossary has at most ten words", () => {
  const [, glossary = ""] = /^## Glossary\n(.*)/ms.exec(PAGE) ?? [];
  const words = glossary
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1);
  expect(words.length).toBeGreaterThan(0);
  expect(words.length).toBeLessThanOrEqual(10);
});

test("the page has a row for each level of the tests, and for no other", () => {
  const [, table = ""] = /^\| Level \| May touch .*\n.*\n((?:\|.*\n)*)/m.exec(PAGE) ?? [];
  const levels = [...table.matchAll(/^\| `([a-z\d-]+)` \|/gm)].map(([, level]) => level);
  const folders = readdirSync(join(PROJECT, "tests")).filter((folder) => folder !== "support");
  expect(levels.sort()).toEqual(folders.sort());
});
