import { chmod, copyFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { buildRuntime } from "../local-gateway/lambda/build.ts";

/**
 * Builds `client/dist` and `local-gateway/dist`, which the two packages consist of: each an ES module and a CommonJS
 * one, with source maps and declarations. Nothing in the repository itself needs them. Other folders may be given.
 */
const [client = "client/dist", gateway = "local-gateway/dist"] = process.argv.slice(2);

/** What a project's own `lib` may lack, for `await using`. */
const LIBRARIES = '/// <reference lib="esnext.disposable" />';

/** Node's names for what CommonJS has of its own. */
const COMMONJS = {
  "import.meta.filename": "__filename",
  "import.meta.dirname": "__dirname",
};

/** What all builds have in common. A bundler of the user's minifies. */
const COMMON = { bundle: true, sourcemap: true, legalComments: "none", logLevel: "warning" };

const CLIENT = {
  ...COMMON,
  tsconfig: "client/tsconfig.json",
  platform: "neutral",
  target: "es2022",
};
const GATEWAY = {
  ...COMMON,
  tsconfig: "tsconfig.json",
  platform: "node",
  target: "node22",
  packages: "external",
  command: "local-gateway/cli.ts",
};

/** Builds an entry, and `command`, an ES module: what the two have in common is in a file of its own. */
async function buildEntry(entry, directory, { tsconfig, command, ...options }) {
  await rm(directory, { recursive: true, force: true });
  await build({
    ...options,
    entryPoints: command === undefined ? [entry] : [entry, command],
    format: "esm",
    // What not every page needs, or what both have, stays a file of its own.
    splitting: true,
    outdir: directory,
    chunkNames: "[name]",
  });
  await build({
    ...options,
    entryPoints: [entry],
    format: "cjs",
    define: COMMONJS,
    // Jest runs CommonJS without a flag, as long as nothing in it is an import().
    supported: { "dynamic-import": false },
    outfile: join(directory, "index.cjs"),
  });
  await buildDeclarations(entry, directory, tsconfig);
}

/** One file that imports no other, so that the same text is true of both formats. */
async function buildDeclarations(entry, directory, tsconfig) {
  const bundle = await rollup({
    input: entry,
    external: (name) => !/^[./]/.test(name),
    plugins: [dts({ tsconfig })],
  });
  await bundle.write({ file: join(directory, "index.d.ts"), format: "esm", banner: LIBRARIES });
  await bundle.close();
  await copyFile(join(directory, "index.d.ts"), join(directory, "index.d.cts"));
}

await buildEntry("client/index.ts", client, CLIENT);
await buildEntry("local-gateway/index.ts", gateway, GATEWAY);
await buildRuntime(resolve(gateway));
await copyFile("local-gateway/lambda/runtime-api/bootstrap.py", join(gateway, "bootstrap.py"));
await chmod(join(gateway, "cli.js"), 0o755);
