import { readFileSync } from "node:fs";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type App, run } from "./packages.ts";

/** An example of docs/testing.md: its files by name, and the command that runs them. */
interface Example {
  readonly title: string;
  readonly files: readonly (readonly [name: string, code: string])[];
  readonly command: string;
}

/** What the project of an example has in its package.json. */
const MODULES = { type: "module" };
const PROJECTS: Readonly<Record<string, object>> = {
  Vitest: MODULES,
  "Jest, CommonJS": {},
  "Jest, ES modules": MODULES,
  "Jest, one gateway for all test files": MODULES,
  "node:test": {},
  "await using": {},
  "Any other runner": {},
};

/** Those that run on Node 22, too. */
const ON_NODE_22 = ["Jest, CommonJS", "node:test", "Any other runner"];

const FILE = /^`(?<name>[\w.-]+)`:\n\n```js\n(?<code>[\s\S]*?)^```$/gm;
const COMMAND = /^```sh\n(?<command>.*)\n```$/m;

/** The sections of the page that have a command, each with its files. */
function readExamples(): readonly Example[] {
  const [, ...sections] = readFileSync("docs/testing.md", "utf8").split(/^## /m);
  return sections.flatMap((section) => {
    const [title = ""] = section.split("\n", 1);
    const command = COMMAND.exec(section)?.groups?.command;
    const files = [...section.matchAll(FILE)].map(
      ({ groups }) => [groups?.name ?? "", groups?.code ?? ""] as const,
    );
    return command === undefined ? [] : [{ title, files, command }];
  });
}

/** What the examples run in. */
interface Installed {
  /** An application that has installed the gateway and the runners. */
  readonly app: App;
  /** The path of a Node binary of this major version. */
  readonly node: (major: 22 | 24) => string;
}

/** Declares a test for each example of the page, on each Node for which it is meant. */
export function testExamples(installed: () => Installed): void {
  const examples = readExamples();

  test("docs/testing.md has an example for each runner", () => {
    expect(examples.map(({ title }) => title)).toEqual(Object.keys(PROJECTS));
    expect(examples.filter(({ files }) => files.length === 0)).toEqual([]);
  });

  const runs = examples.flatMap((example) =>
    ([22, 24] as const)
      .filter((major) => major === 24 || ON_NODE_22.includes(example.title))
      .map((major) => [example.title, major, example] as const),
  );
  test.each(runs)(
    "the example of docs/testing.md for %s passes on Node %i",
    async (title, major, { files, command }) => {
      const { app, node } = installed();
      const folder = join(app.folder, `${title.replace(/\W+/g, "-")}-${major}`);
      await mkdir(folder);
      await cp(join(app.folder, "template.yaml"), join(folder, "template.yaml"));
      await cp(join(app.folder, "function"), join(folder, "function"), { recursive: true });
      await symlink(join(app.folder, "node_modules"), join(folder, "node_modules"), "junction");
      await writeFile(join(folder, "package.json"), JSON.stringify(PROJECTS[title]));
      for (const [name, code] of files) {
        await writeFile(join(folder, name), code);
      }
      const { code, stdout, stderr } = await run("sh", ["-c", command], folder, node(major));
      // Each runner has a line that counts what passed; without one it has found no test.
      const passed = /^\s*(?:Tests:?|ℹ pass|# pass)\s+[1-9]\d*/m.test(`${stdout}${stderr}`);
      expect({ code, passed, output: code === 0 ? "" : `${stdout}${stderr}` }).toEqual({
        code: 0,
        passed: true,
        output: "",
      });
    },
    60_000,
  );
}
