import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

/** The local gateway with the relay, in a process of its own, as `npm start` starts it. */
export interface Gateway {
  readonly pid: number;
  /** Where clients connect. */
  readonly url: string;
  /** The management API, with the stage. */
  readonly managementUrl: string;
  /** The lines of errors that it has printed. */
  readonly errors: readonly string[];
  /** Stops it as Ctrl-C does. */
  stop(): Promise<void>;
}

const PROJECT = resolve(import.meta.dirname, "..");
/** The template throttles every route to protect its owner; a benchmark needs more. */
const UNTHROTTLED = ["ThrottlingRateLimit=1000000", "ThrottlingBurstLimit=1000000"];

/** Starts the local gateway on free ports, with further `parameters` of the template, each as `NAME=VALUE`. Rejects, with what it printed, when it ends before it listens. */
export async function startGateway(...parameters: readonly string[]): Promise<Gateway> {
  const gateway = spawn(
    process.execPath,
    [
      // As in the script `start` of package.json.
      "--max-semi-space-size=16",
      resolve(PROJECT, "local-gateway", "cli.ts"),
      ...["--port", "0", "--quiet", "--no-inspector"],
      ...["--parameter-overrides", ...UNTHROTTLED, ...parameters],
    ],
    { cwd: PROJECT, stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = once(gateway, "exit");
  const errors: string[] = [];
  createInterface(gateway.stderr).on("line", (line) => errors.push(line));
  const lines = createInterface(gateway.stdout);
  const listening = once(lines, "line").then(([line]) => String(line));
  const first = await Promise.race([listening, ended.then(() => "")]);
  const url = /^Listening on (ws:\S+)/.exec(first)?.[1];
  if (url === undefined) {
    gateway.kill("SIGKILL");
    throw new Error(`The gateway did not start: ${[first, ...errors].join(" ")}`);
  }
  lines.on("line", (line) => errors.push(line));
  return {
    pid: gateway.pid ?? 0,
    url,
    managementUrl: url.replace(/^ws/, "http"),
    errors,
    async stop() {
      gateway.kill("SIGINT");
      await ended;
    },
  };
}
