import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What every page loads, in bytes; that together with history; and all of it. */
const MOST_BYTES = 6 * 1024;
const MOST_BYTES_WITH_HISTORY = 9 * 1024;
const MOST_BYTES_IN_ALL = 9.75 * 1024;
/** What a page loads when it needs it: channels that are joined by a message, presence, and history. */
const ON_DEMAND = ["history", "joining", "presence"];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "client-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("the client is at most 6 KB gzipped in a page's own build, imports the rest on demand, and works", async () => {
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
  expect((await readdir(folder)).sort()).toEqual(
    [...ON_DEMAND, "index"].sort().map((name) => `${name}.mjs`),
  );
  const file = join(folder, "index.mjs");
  const code = await readFile(file, "utf8");
  const parts = await Promise.all(
    ON_DEMAND.map((name) => readFile(join(folder, `${name}.mjs`), "utf8")),
  );
  const size = bytesOf(code);
  const [history = 0, ...others] = parts.map(bytesOf);
  expect(size).toBeLessThanOrEqual(MOST_BYTES);
  expect(size + history).toBeLessThanOrEqual(MOST_BYTES_WITH_HISTORY);
  expect(others.reduce((sum, it) => sum + it, size + history)).toBeLessThanOrEqual(
    MOST_BYTES_IN_ALL,
  );
  const imports = [code, ...parts].map((text) => text.match(/\bimport\b[^;]*?\)/g) ?? []);
  expect(imports).toEqual([
    ['import("./joining.mjs")', 'import("./history.mjs")'],
    [],
    ['import("./presence.mjs")'],
    [],
  ]);
  expect(`${code}${parts}`).not.toMatch(/\brequire\(/);

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

function bytesOf(text: string): number {
  return gzipSync(text, { level: 9 }).length;
}
