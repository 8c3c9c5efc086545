import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { esbuildOptions } from "../../local-gateway/lambda/esbuild.ts";
import { readApplication } from "../../local-gateway/template/application.ts";
import { startAnsweringServer } from "../support/start-answering-server.ts";

/** What the marked library sets. */
const MARK = globalThis as { isLibraryLoaded?: boolean };

/** Makes every module of the token library set the mark when it runs. */
const marked: Plugin = {
  name: "marked",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/aws-jwt-verify\/.*\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\nglobalThis.isLibraryLoaded = true;`,
    }));
  },
};

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lazy-loading-"));
});

afterEach(() => rm(directory, { recursive: true }));

/** The path of an adapter that is built as the template builds the function. */
async function bundle(adapter: string): Promise<string> {
  const { functions } = await readApplication("template.yaml", { region: "us-east-1" });
  const properties = functions.get("RelayFunction")?.esbuild;
  if (properties === undefined) {
    throw new Error("The template does not build the function.");
  }
  const options: BuildOptions = {
    ...esbuildOptions(properties),
    entryPoints: [`src/adapters/${adapter}.ts`],
    outdir: directory,
    plugins: [marked],
  };
  await build(options);
  return join(directory, `${adapter}.mjs`);
}

test("the bundle loads the token library when it verifies its first token, and not before", async () => {
  const { JwtTokenVerifier } = await import(await bundle("jwt-token-verifier"));
  const verifier = new JwtTokenVerifier({ issuer: "https://id.example", audience: "relay" });
  expect(await verifier.verify("x".repeat(10_000))).toEqual({ kind: "invalid" });
  expect(MARK.isLibraryLoaded).toBeUndefined();
  expect(await verifier.verify("x")).toEqual({ kind: "invalid" });
  expect(MARK.isLibraryLoaded).toBe(true);
});

/** Makes the first call while what it loads is away, and two more when that is back; prints what came of each. */
const PROGRAM = `
  import { readdirSync, renameSync } from "node:fs";
  const [, directory, endpoint] = process.argv;
  const { DynamoDbConnectionStore } = await import(directory + "/dynamodb-connection-store.mjs");
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const store = new DynamoDbConnectionStore("t", { endpoint, region: "us-east-1", credentials });
  const chunks = readdirSync(directory).filter((name) => /^dynamodb-table-.*\\.mjs$/.test(name));
  const move = (from, to) => chunks.forEach((name) => renameSync(directory + "/" + name + from, directory + "/" + name + to));
  const call = () => store.remove("alice=").then(() => "done", (error) => error.code);
  move("", ".away");
  const first = await call();
  move(".away", "");
  console.log(JSON.stringify([chunks.length, first, await call(), await call()]));
`;

test("the bundle loads DynamoDB's client at the first call, and again at the next when that failed", async () => {
  await using server = await startAnsweringServer({ status: 200, body: "{}" });
  await bundle("dynamodb-connection-store");
  const args = ["--input-type=module", "--eval", PROGRAM, directory, server.endpoint];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual([1, "ERR_MODULE_NOT_FOUND", "done", "done"]);
  // Each removal is a delete and a query.
  expect(server.posts).toHaveLength(4);
});
