import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run.ts";

const TEMPLATE = join(import.meta.dirname, "fixtures", "template.yaml");

test("a build writes each function to its folder and shows how large it is", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "build-"));
  const { code, out, err } = await run("build-cli.ts", ["--template", TEMPLATE], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const folder = join(".build", "FailFunction");
  const { size } = await stat(join(cwd, folder, "fail.js"));
  const { size: mapSize } = await stat(join(cwd, folder, "fail.js.map"));
  expect(out.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^GreetFunction is not built: it runs from \S+code$/),
    expect.stringMatching(/^ForgetfulFunction is not built: it runs from \S+code$/),
    `${folder}/fail.js  ${size} bytes`,
    `${folder}/fail.js.map  ${mapSize} bytes (source map)`,
  ]);
  await rm(cwd, { recursive: true });
});

test("a template that cannot be read is one sentence", async () => {
  const { code, out, err } = await run("build-cli.ts", ["--template", "no-such.yaml"]);
  expect({ code, out, err }).toEqual({
    code: 1,
    out: "",
    err: `${join(import.meta.dirname, "no-such.yaml")}: the template cannot be read: there is no such file [TEMPLATE_UNREADABLE]\n`,
  });
});
