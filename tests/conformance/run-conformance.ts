import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../conformance/cli.ts", import.meta.url));

/** How a run of the conformance program ended, and what it printed. */
interface ConformanceRun {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Runs the conformance program in a process of its own. */
export async function runConformance(...args: readonly string[]): Promise<ConformanceRun> {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    // Whoever runs the tests may have keys for AWS.
    env: {},
  });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code, lines: output.split("\n"), errors };
}
