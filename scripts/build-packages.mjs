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
  // What not every page needs stays a file of its own, which is loaded on demand.
  splitting: true,
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
};

/** The command uses the package as everybody does, so that nothing is in it twice. */
const ENTRY_STAYS_OUTSIDE = {
  name: "entry-stays-outside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/index\.ts$/ }, () => ({ path: "./index.js", external: true }));
  },
};

async function buildEntry(entry, directory, { tsconfig, splitting = false, ...options }) {
  await rm(directory, { recursive: true, force: true });
  const both = { ...options, entryPoints: [entry] };
  await build({ ...both, format: "esm", splitting, outdir: directory, chunkNames: "[name]" });
  await build({
    ...both,
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
const command = join(gateway, "cli.js");
await build({
  ...GATEWAY,
  entryPoints: ["local-gateway/cli.ts"],
  format: "esm",
  outfile: command,
  banner: { js: "#!/usr/bin/env node" },
  plugins: [ENTRY_STAYS_OUTSIDE],
});
await chmod(command, 0o755);
