import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { INSTALL, npm } from "../support/npm.ts";

const PROJECT = resolve(import.meta.dirname, "..", "..");

/** The folders of the packages that the examples use. */
const WORKSPACES = ["client", "local-gateway"];

/** What of a workspace is published, and is not built. */
const FILES = ["package.json", "README.md", "LICENSE"];

/** What a developer has installed, or built. */
const NOT_COPIED = new Set(["node_modules", "dist", "cdk.out", "package-lock.json"]);

/**
 * Builds and packs the project's packages into a temporary folder, and installs examples next to them. Disposing removes it.
 */
export async function packForExamples() {
  const folder = await mkdtemp(join(tmpdir(), "examples-"));
  const tarballs = await pack(folder);
  return {
    /**
     * Copies an example, installs it with the packed packages in the place of those on npm, and resolves with its folder.
     * Its install scripts do not run: nothing in it needs them.
     */
    async install(name: string): Promise<string> {
      const example = join(folder, name);
      await cp(join(PROJECT, "examples", name), example, {
        recursive: true,
        filter: (path) => !NOT_COPIED.has(basename(path)),
      });
      const file = join(example, "package.json");
      const manifest = JSON.parse(await readFile(file, "utf8"));
      for (const dependencies of [manifest.dependencies, manifest.devDependencies]) {
        for (const [dependency, tarball] of Object.entries(tarballs)) {
          if (dependencies?.[dependency] !== undefined) {
            dependencies[dependency] = `file:${tarball}`;
          }
        }
      }
      await writeFile(file, JSON.stringify(manifest));
      await npm(["install", "--ignore-scripts", ...INSTALL], example);
      return example;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Resolves with the paths of the tarballs by the packages' names. Other tests may build in the project's own folders. */
async function pack(folder: string): Promise<Readonly<Record<string, string>>> {
  const copies = WORKSPACES.map((workspace) => join(folder, "packages", workspace));
  await npm(["run", "build:packages", "--", ...copies.map((copy) => join(copy, "dist"))], PROJECT);
  for (const [index, copy] of copies.entries()) {
    await mkdir(copy, { recursive: true });
    for (const file of FILES) {
      await cp(join(PROJECT, String(WORKSPACES[index]), file), join(copy, file));
    }
  }
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...copies];
  const packed: { name: string; filename: string }[] = JSON.parse(await npm(args, folder));
  return Object.fromEntries(packed.map(({ name, filename }) => [name, join(folder, filename)]));
}
