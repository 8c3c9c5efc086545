import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const MOST_BYTES = 6144;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "client-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("the client is at most 4.5 KB gzipped in a page's own build, without an import, and works", async () => {
  const file = join(folder, "relay-client.mjs");
  await build({
    entryPoints: ["client/index.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    outfile: file,
  });
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
