import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { esbuildOptions } from "../../../local-gateway/lambda/esbuild.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";

const PROJECT = join(import.meta.dirname, "fixtures", "project");

const HELLO = {
  EntryPoints: ["src/app/handler.ts"],
  Format: "esm",
  Target: "node24",
  OutExtension: [".js=.mjs"],
  Alias: ["subject=./src/world.ts"],
  Define: ['GREETING="hello"'],
};

test("a function is built as its BuildProperties say and runs from what was built", async () => {
  await using fn = await startFunctionUnderTest({
    codePath: PROJECT,
    handler: "handler.handler",
    esbuild: HELLO,
  });
  expect(await fn.invoke()).toEqual({ outcome: "returned", payload: "hello, world" });
});

test("a handler may name the folder of its source, as it may with SAM", async () => {
  await using fn = await startFunctionUnderTest({
    codePath: PROJECT,
    handler: "src/app/handler.handler",
    esbuild: HELLO,
  });
  expect(await fn.invoke()).toEqual({ outcome: "returned", payload: "hello, world" });
});

test("without Format and Target the result is CommonJS, and an entry point needs no extension", async () => {
  const { Format, Target, OutExtension, ...esbuild } = HELLO;
  await using fn = await startFunctionUnderTest({
    codePath: PROJECT,
    handler: "handler.handler",
    esbuild: { ...esbuild, EntryPoints: ["src/app/handler"] },
  });
  expect(await fn.invoke()).toEqual({ outcome: "returned", payload: "hello, world" });
});

test("an entry point without an extension may be JavaScript", async () => {
  await using fn = await startFunctionUnderTest({
    codePath: PROJECT,
    handler: "plain.handler",
    esbuild: { EntryPoints: ["src/plain"] },
  });
  expect(await fn.invoke()).toEqual({ outcome: "returned", payload: "javascript" });
});

test("with source maps a stack trace shows TypeScript", async () => {
  await using fn = await startFunctionUnderTest({
    codePath: PROJECT,
    handler: "handler.handler",
    esbuild: { ...HELLO, Alias: ["subject=./src/error.ts"], Sourcemap: true },
  });
  await fn.invoke();
  expect(await fn.lines.find("from TypeScript")).toContain("src/app/handler.ts:9:11");
});

test("a package that the build leaves out comes from the project", async () => {
  const folder = await mkdtemp(join(tmpdir(), "project-"));
  await cp(PROJECT, folder, { recursive: true });
  const packages = join(folder, "node_modules", "a-package");
  await mkdir(packages, { recursive: true });
  await writeFile(join(packages, "index.mjs"), 'export const greeting = "from a package";');
  await writeFile(join(packages, "package.json"), '{ "exports": "./index.mjs" }');
  await using fn = await startFunctionUnderTest({
    codePath: join(folder, "src"),
    handler: "external.handler",
    esbuild: {
      EntryPoints: ["external.js"],
      Format: "esm",
      OutExtension: [".js=.mjs"],
      External: ["a-package"],
    },
  });
  expect(await fn.invoke()).toEqual({ outcome: "returned", payload: "from a package" });
  await fn.lambda.close();
  await rm(folder, { recursive: true });
});

test.each([
  [{ EntryPoints: ["src/broken.js"] }, /^Fn does not build: src\/broken\.js:2:20: Unexpected "="$/],
  [{ EntryPoints: ["src/unresolved.js"] }, /^Fn .*: src\/unresolved\.js:1:25: Could not resolve/],
  [{ EntryPoints: ["src/none.ts"] }, /^Fn .*: the entry point \S+src\/none\.ts does not exist$/],
  [{ EntryPoints: [] }, /^Fn .*: the BuildProperty EntryPoints must be a list of files$/],
  [
    { EntryPoints: ["src/plain.js"], Colour: "red" },
    /: the BuildProperty Colour is not known here/,
  ],
  [{ EntryPoints: ["src/plain.js"], Target: "es1" }, /^Fn does not build: Invalid target "es1"/],
])("the BuildProperties %j are an error with its place", async (esbuild, message) => {
  await expect(startFunctionUnderTest({ codePath: PROJECT, esbuild })).rejects.toThrow(
    expect.objectContaining({
      code: "BUILD_FAILED",
      message: expect.stringMatching(message),
      cause: expect.any(Error),
    }),
  );
});

test.each([
  ["listed", '{ "dependencies": { "listed": "1" } }', "npm install", "."],
  ["@scope/listed/deep", '{ "devDependencies": { "@scope/listed": "1" } }', "npm install", "."],
  ["unlisted", "{}", "npm install unlisted", "."],
  ["unlisted", undefined, "npm install unlisted", "src"],
])(
  "a build without the package %s, with the package.json %s, says: %s",
  async (specifier, packageJson, command, folder) => {
    const project = await realpath(await mkdtemp(join(tmpdir(), "uninstalled-")));
    await mkdir(join(project, "src"));
    await writeFile(join(project, "src", "index.js"), `export * from "${specifier}";`);
    if (packageJson !== undefined) {
      await writeFile(join(project, "package.json"), packageJson);
    }
    const start = startFunctionUnderTest({
      codePath: join(project, "src"),
      esbuild: { EntryPoints: ["index.js"] },
    });
    const advice = `"${command}" in ${join(project, folder)}`;
    await expect(start).rejects.toThrow(
      expect.objectContaining({
        code: "BUILD_FAILED",
        message: expect.stringMatching(
          /^Fn does not build: index\.js:1:15: Could not resolve .*\n/,
        ),
      }),
    );
    await expect(start).rejects.toThrow(new RegExp(`${advice}$`));
    await rm(project, { recursive: true });
  },
);

test("a file that is not found is not a package to install", async () => {
  const esbuild = { EntryPoints: ["src/unresolved.js"] };
  await expect(startFunctionUnderTest({ codePath: PROJECT, esbuild })).rejects.not.toThrow(
    "npm install",
  );
});

test("code that does not exist is an error", async () => {
  await expect(startFunctionUnderTest({ codePath: "/no/such/code" })).rejects.toThrow(
    expect.objectContaining({
      code: "BUILD_FAILED",
      message: "Fn does not build: its CodeUri /no/such/code does not exist",
    }),
  );
});

test("each BuildProperty becomes the esbuild option that SAM's flag would set", () => {
  expect(
    esbuildOptions({
      EntryPoints: ["a.ts"],
      Format: "esm",
      Target: "node24,es2022",
      MainFields: "module, main",
      Minify: false,
      KeepNames: true,
      Sourcemap: "inline",
      SourcesContent: "false",
      OutExtension: [".js=.mjs"],
      External: ["@aws-sdk/*", "sharp"],
      Banner: ["js=import a from 'a';const b=1,c=2;"],
      Loader: [".html=text", ".png=dataurl"],
      Define: ["process.env.X=true"],
      Alias: ["a=./b.ts"],
    }),
  ).toEqual({
    bundle: true,
    platform: "node",
    format: "esm",
    target: ["node24", "es2022"],
    mainFields: ["module", "main"],
    minify: false,
    keepNames: true,
    sourcemap: "inline",
    sourcesContent: false,
    outExtension: { ".js": ".mjs" },
    external: ["@aws-sdk/*", "sharp"],
    banner: { js: "import a from 'a';const b=1,c=2;" },
    loader: { ".html": "text", ".png": "dataurl" },
    define: { "process.env.X": "true" },
    alias: { a: "./b.ts" },
  });
});

test("without BuildProperties SAM's defaults count", () => {
  expect(esbuildOptions({})).toEqual({
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "es2020",
    minify: true,
  });
});

test.each([
  [{ Minify: "maybe" }, "the BuildProperty Minify must be true or false"],
  [{ Loader: [".html"] }, 'the BuildProperty Loader must be a list of key=value, not ".html"'],
])("the BuildProperty %j is rejected", (properties, message) => {
  expect(() => esbuildOptions(properties)).toThrow(message);
});
