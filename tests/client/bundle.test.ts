import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

const MOST_BYTES = 4608;
const ESBUILD = resolve("node_modules/.bin/esbuild");
const TSC = resolve("node_modules/.bin/tsc");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "client-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** The arguments that `npm run build:client` gives esbuild, with another place for the result. */
async function buildArguments(outfile: string): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8"));
  const [command = ""] = String(scripts["build:client"]).split(" && ");
  const [program, ...options] = command.split(" ");
  expect(program).toBe("esbuild");
  return options.map((option) =>
    option.startsWith("--outfile=") ? `--outfile=${outfile}` : option,
  );
}

test("the client is one module of at most 4.5 KB gzipped, without an import, and works", async () => {
  const file = join(folder, "relay-client.mjs");
  await promisify(execFile)(ESBUILD, await buildArguments(file));
  const code = await readFile(file);
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(MOST_BYTES);
  expect(code.toString()).not.toMatch(/\bimport\b|\brequire\(/);

  const program = `import { RelayClient, RelayError } from ${JSON.stringify(file)};
    const client = new RelayClient("ws://127.0.0.1/dev", { WebSocket: class {} });
    client.close();
    client.send({ user: "alice" }, 1).catch((error) => {
      console.log(error instanceof RelayError, error.name, error.code);
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    program,
  ]);
  expect(stdout).toBe("true RelayError CLOSED\n");
}, 30_000);

test("the client comes with types that a browser's project without Node's types accepts", async () => {
  await promisify(execFile)(TSC, ["-p", "client", "--outDir", folder]);
  const program = join(folder, "page.ts");
  await writeFile(
    program,
    `import { RelayClient, type RelayErrorCode, type Target } from "./client/index.js";
    const target: Target = { user: "alice" };
    const client = new RelayClient("wss://x.example", { user: "bob", WebSocket });
    client.on("message", ({ messageId }) => { const id: string = messageId; return id; });
    client.send(target, 1).then((receipt): number => receipt.delivered);
    const known: RelayErrorCode = "NOT_REGISTERED";
    // @ts-expect-error the relay's codes and the client's are all there are
    const unknown: RelayErrorCode = "NOT_A_CODE";
    // @ts-expect-error a target has one member of three
    client.send({ group: "lobby" }, 1);
    // @ts-expect-error and only one
    client.send({ channel: "lobby", user: "alice" }, 1);`,
  );
  const options = ["--noEmit", "--strict", "--types", "", "--lib", "es2022,dom"];
  const resolution = ["--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"];
  const { stdout } = await promisify(execFile)(TSC, [...options, ...resolution, program], {
    cwd: folder,
  });
  expect(stdout).toBe("");
}, 60_000);
