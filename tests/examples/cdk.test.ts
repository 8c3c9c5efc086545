import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const PROJECT = resolve(import.meta.dirname, "..", "..");

/** Time for packing, installing and running, in milliseconds. */
const TIMEOUT = 180_000;

/** What a developer has installed, or synthesised. */
const NOT_COPIED = new Set(["node_modules", "cdk.out", "package-lock.json"]);

/** Runs npm on this Node, and resolves with its standard output. Rejects unless it exits with 0. */
async function npm(args: readonly string[], cwd: string): Promise<string> {
  // biome-ignore lint/style/noProcessEnv: a command has the environment of whoever runs it.
  const { PATH = "", HOME = "" } = process.env;
  const env = { HOME, NO_COLOR: "1", PATH: `${dirname(process.execPath)}${delimiter}${PATH}` };
  const { stdout } = await promisify(execFile)("npm", args, { cwd, env });
  return stdout;
}

/** Packs the local gateway into a folder, and resolves with the path of the file. */
async function packGateway(folder: string): Promise<string> {
  const copy = join(folder, "gateway");
  const args = ["run", "build:packages", "--", join(folder, "client"), join(copy, "dist")];
  await npm(args, PROJECT);
  for (const file of ["package.json", "README.md", "LICENSE"]) {
    await cp(join(PROJECT, "local-gateway", file), join(copy, file));
  }
  const [{ filename }] = JSON.parse(
    await npm(["pack", "--json", "--ignore-scripts", copy], folder),
  );
  return join(folder, filename);
}

test(
  "the tests of the example in CDK pass on the packed gateway",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "examples-"));
    try {
      const example = join(folder, "cdk");
      await cp(join(PROJECT, "examples/cdk"), example, {
        recursive: true,
        filter: (path) => !NOT_COPIED.has(basename(path)),
      });
      const manifest = JSON.parse(await readFile(join(example, "package.json"), "utf8"));
      manifest.devDependencies["websocket-api-local"] = `file:${await packGateway(folder)}`;
      await writeFile(join(example, "package.json"), JSON.stringify(manifest));
      const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
      await npm(["install", ...options], example);
      expect(await npm(["test"], example)).toMatch(/pass 2\n/);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  TIMEOUT,
);
