import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Synthesises the CDK stacks of the tests with aws-cdk-lib, which it installs into a folder for temporary files, and keeps of
 * cdk.out what a deployment needs: the templates and their assets. To be run when the stacks have changed.
 */
const FIXTURES = "tests/local-gateway/cdk/fixtures";
const PACKAGES = ["aws-cdk-lib@2.276.0", "constructs@10.8.1"];

const folder = await mkdtemp(join(tmpdir(), "cdk-stacks-"));
try {
  await writeFile(join(folder, "package.json"), "{}");
  await cp(FIXTURES, folder, { recursive: true });
  const run = (program, ...args) =>
    execFileSync(program, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
  run("npm", "install", "--no-audit", "--no-fund", ...PACKAGES);
  const output = join(folder, "synthesised");
  run(process.execPath, "stacks.mjs", "code", output);

  await rm(join(FIXTURES, "cdk.out"), { recursive: true, force: true });
  await mkdir(join(FIXTURES, "cdk.out"));
  const names = await readdir(output);
  const templates = names.filter((name) => name.endsWith(".template.json"));
  const texts = await Promise.all(templates.map((name) => readFile(join(output, name), "utf8")));
  const assets = names.filter((name) => texts.some((text) => text.includes(`"${name}"`)));
  for (const name of [...templates, ...assets]) {
    await cp(join(output, name), join(FIXTURES, "cdk.out", name), { recursive: true });
  }
  console.log([...templates, ...assets].join("\n"));
} finally {
  await rm(folder, { recursive: true, force: true });
}
