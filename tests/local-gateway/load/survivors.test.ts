import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { wsConnect } from "../support/ws-connect.ts";
import { startWatchServer } from "./start-watch-server.ts";

const CLI = fileURLToPath(new URL("../../../local-gateway/cli.ts", import.meta.url));
const TEMPLATE = fileURLToPath(new URL("fixtures/template.yaml", import.meta.url));
const THROWS = fileURLToPath(new URL("fixtures/throws.ts", import.meta.url));

/** Runs a program that starts a gateway, and lets its function do some work without end. */
async function startBusy(work: string, program: string, ...args: string[]) {
  const server = await startWatchServer();
  const folder = await mkdtemp(join(tmpdir(), "survivors-"));
  const gateway = spawn(
    process.execPath,
    [program, ...args, "--parameter-overrides", `WatchPort=${server.port}`],
    { env: { TMPDIR: folder }, stdio: ["pipe", "pipe", "ignore"] },
  );
  const exited = once(gateway, "exit");
  const [line] = await once(createInterface(gateway.stdout), "line");
  const client = await wsConnect(line.replace("Listening on ", ""));
  client.send(work);
  const { ended } = await server.watched.take();
  return {
    gateway,
    exited,
    /** Resolves when the function's process has ended. */
    ended,
    [Symbol.asyncDispose]: async () => {
      gateway.kill("SIGKILL");
      await exited;
      await server[Symbol.asyncDispose]();
      // A gateway that was killed could not remove its own folder.
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test.each([
  ["SIGINT", "wait"],
  ["SIGINT", "spin"],
  ["SIGTERM", "wait"],
  ["SIGTERM", "spin"],
  ["SIGKILL", "wait"],
  ["SIGKILL", "spin"],
] as const)(
  "no environment survives a gateway that ends by %s while its function does %s",
  async (signal, work) => {
    await using busy = await startBusy(work, CLI, "--template", TEMPLATE, "--port", "0", "--quiet");
    busy.gateway.kill(signal);
    await busy.ended;
    await busy.exited;
  },
);

test.each(["wait", "spin"])(
  "no environment survives a gateway that dies of an exception while its function does %s",
  async (work) => {
    await using busy = await startBusy(work, THROWS, TEMPLATE);
    busy.gateway.stdin.write("now");
    expect(await busy.exited).toEqual([1, null]);
    await busy.ended;
  },
);
