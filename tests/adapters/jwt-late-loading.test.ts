import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { esbuildOptions } from "../../local-gateway/lambda/esbuild.ts";
import { readApplication } from "../../local-gateway/template/application.ts";

/** What the marked library sets. */
const MARK = globalThis as { isLibraryLoaded?: boolean };

/** Has every module of the token library say so when it runs. */
const marked: Plugin = {
  name: "marked",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/aws-jwt-verify\/.*\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\nglobalThis.isLibraryLoaded = true;`,
    }));
  },
};

/** The adapter as one file, built as the template builds the function. */
async function bundle(directory: string): Promise<string> {
  const { functions } = await readApplication("template.yaml", { region: "us-east-1" });
  const properties = functions.get("RelayFunction")?.esbuild;
  if (properties === undefined) {
    throw new Error("The template does not build the function.");
  }
  const options: BuildOptions = {
    ...esbuildOptions(properties),
    entryPoints: ["src/adapters/jwt-token-verifier.ts"],
    outdir: directory,
    plugins: [marked],
  };
  await build(options);
  return join(directory, "jwt-token-verifier.mjs");
}

describe("The bundle", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "late-loading-"));
  });

  afterEach(() => rm(directory, { recursive: true }));

  test("loads the token library when it verifies its first token, and not before", async () => {
    const { JwtTokenVerifier } = await import(await bundle(directory));
    const verifier = new JwtTokenVerifier({ issuer: "https://id.example", audience: "relay" });
    expect(await verifier.verify("x".repeat(10_000))).toBeUndefined();
    expect(MARK.isLibraryLoaded).toBeUndefined();
    expect(await verifier.verify("x")).toBeUndefined();
    expect(MARK.isLibraryLoaded).toBe(true);
  });
});
