import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const LOCAL_GATEWAY = join(import.meta.dirname, "..", "..", "..", "local-gateway");

/** Runs a command of the local gateway to its end, `input` on its standard input, in us-east-1 unless `env` says so. */
export async function run(
  command: "cli.ts" | "invoke-cli.ts" | "build-cli.ts",
  args: readonly string[],
  { input = "", cwd = import.meta.dirname, env = {} } = {},
) {
  const child = spawn(process.execPath, [join(LOCAL_GATEWAY, command), ...args], {
    cwd,
    // biome-ignore lint/style/noProcessEnv: a command has the environment of whoever runs it.
    env: { ...process.env, AWS_REGION: "", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const [out, err] = [text(child.stdout), text(child.stderr)];
  child.stdin.end(input);
  const [code] = await ended;
  return { code, out: await out, err: await err };
}
