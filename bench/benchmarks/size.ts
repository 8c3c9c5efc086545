import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Benchmark } from "../finding.ts";
import { startProgram } from "../program.ts";
import { buildRelay, relayEnvironment } from "../relay-build.ts";

const PROGRAM = join(import.meta.dirname, "..", "programs", "loaded-files.mjs");
const EVENT = resolve(import.meta.dirname, "..", "..", "events", "forward.json");

/** The bytes that an execution environment loads for a raw forward, and those that a deployment uploads. */
export const size: Benchmark = {
  name: "size",
  async measure() {
    await using bundle = await buildRelay();
    const loaded = await loadedBytes(bundle.url);
    return [
      {
        what: "the files that a raw forward loads",
        unit: "KB",
        measured: loaded / 1000,
        bound: { atMost: 260 },
      },
      { what: "the deployed bundle", unit: "KB", measured: bundle.bytes / 1000 },
    ];
  },
};

async function loadedBytes(bundle: string): Promise<number> {
  const server = startProgram<object, { readonly url: string }>("answering-server.ts");
  try {
    const { url } = await server.ask({});
    const env = relayEnvironment(url);
    const arguments_ = [PROGRAM, bundle, EVENT];
    const { stdout } = await promisify(execFile)(process.execPath, arguments_, { env });
    const files = stdout.trim().split("\n");
    const sizes = await Promise.all(
      files.map(async (file) => (await stat(fileURLToPath(file))).size),
    );
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  } finally {
    await server.stop();
  }
}
