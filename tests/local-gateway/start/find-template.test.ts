import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findTemplate } from "../../../local-gateway/cli/find-template.ts";

/** A project with these files, all empty; disposing removes it. */
async function project(...files: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "project-"));
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "");
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test.each([
  ["template.yaml", ["template.yaml", "template.yml", ".aws-sam/build/template.yaml"]],
  ["template.yml", ["template.yml", "cdk.out/App.template.json"]],
  [".aws-sam/build/template.yaml", [".aws-sam/build/template.yaml", "cdk.out/App.template.json"]],
  ["cdk.out/App.template.json", ["cdk.out/App.template.json", "cdk.out/App.assets.json"]],
])("%s is found in a project with %j", async (expected, files) => {
  await using started = await project(...files);
  expect(findTemplate(started.folder)).toBe(join(expected));
});

test("a project without a template is told where one would be found", async () => {
  await using started = await project("cdk.out/manifest.json");
  expect(() => findTemplate(started.folder)).toThrow(
    /^There is no template\.yaml, template\.yml, .* here: name the template with --template\.$/,
  );
});

test("of several stacks none is chosen", async () => {
  await using started = await project("cdk.out/B.template.json", "cdk.out/A.template.json");
  const [a, b] = ["A", "B"].map((name) => join("cdk.out", `${name}.template.json`));
  expect(() => findTemplate(started.folder)).toThrow(
    `There are several templates here: name one with --template: ${a}, ${b}.`,
  );
});
