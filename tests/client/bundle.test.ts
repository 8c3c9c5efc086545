import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What every page loads, and that together with what channels with presence need. */
const MOST_BYTES = 6 * 1024;
const MOST_BYTES_IN_ALL = 6.75 * 1024;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "client-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("the client is at most 6 KB gzipped in a page's own build, imports presence on demand, and works", async () => {
  await build({
    entryPoints: ["client/index.ts"],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]",
  });
  expect((await readdir(folder)).sort()).toEqual(["index.mjs", "presence.mjs"]);
  const file = join(folder, "index.mjs");
  const code = await readFile(file);
  const presence = await readFile(join(folder, "presence.mjs"));
  const [size, presenceSize] = [code, presence].map((it) => gzipSync(it, { level: 9 }).length);
  expect(size).toBeLessThanOrEqual(MOST_BYTES);
  expect(Number(size) + Number(presenceSize)).toBeLessThanOrEqual(MOST_BYTES_IN_ALL);
  expect(code.toString().match(/\bimport\b.{0,20}/g)).toEqual([
    expect.stringContaining('import("./presence.mjs")'),
  ]);
  expect(`${code}${presence}`).not.toMatch(/\brequire\(/);
  expect(presence.toString()).not.toMatch(/\bimport\b/);

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
