#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArguments, type StartOptions, USAGE } from "./cli/arguments.ts";
import { readConfig } from "./cli/config.ts";
import { type Command, commandVariables, exitCodeOf, readExec, runCommand } from "./cli/exec.ts";
import { findTemplate } from "./cli/find-template.ts";
import { introduce } from "./cli/introduce.ts";
import { ignoreLostReaders, printError, stopOnSignal } from "./cli/process.ts";
import { DEFAULT_REGION, type LocalGatewayOptions } from "./options.ts";
import { type RunningGateway, runGateway } from "./run-gateway.ts";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

function readVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")).version;
}

async function run(): Promise<void> {
  const args = process.argv.slice(2);
  const exec = readExec(args);
  const command = parseArguments(exec?.gateway ?? args, () => readConfig(process.cwd()));
  switch (command.kind) {
    case "help":
      console.log(USAGE);
      return;
    case "version":
      console.log(readVersion());
      return;
    case "start":
      await start(command.options, exec?.command);
  }
}

async function start(
  { template = findTemplate(process.cwd()), region: shared, ...others }: StartOptions,
  command: Command | undefined,
): Promise<void> {
  if (!LOOPBACK.test(others.host)) {
    console.warn(`Warning: with --host ${others.host} anyone on the network can connect.`);
  }
  // biome-ignore lint/style/noProcessEnv: the command line is where the developer's region comes in.
  const region = process.env.AWS_REGION || shared || DEFAULT_REGION;
  const options = { ...others, template, region };
  if (command) {
    process.exitCode = await runWithGateway(options, command);
    return;
  }
  const { gateway } = await startStoppable({ ...options, colours: process.stdout.isTTY });
  const { listening, hints } = introduce(gateway, template);
  for (const line of options.quiet ? listening : [...listening, ...hints]) {
    console.log(line);
  }
}

/** A gateway that a signal stops. */
interface StoppableGateway {
  readonly gateway: RunningGateway;
  /** From now on signals are somebody else's. */
  readonly release: () => void;
}

/**
 * Starts a gateway. A signal stops it, also during the start, and exits, with 0 or what `exitCode` gives. Never resolves when
 * it came during the start.
 */
async function startStoppable(
  options: LocalGatewayOptions,
  exitCode?: (signal: NodeJS.Signals) => number,
): Promise<StoppableGateway> {
  const stopping = new AbortController();
  let gateway: RunningGateway | undefined;
  const starting = runGateway(options, { signal: stopping.signal });
  const release = stopOnSignal(async () => {
    if (gateway === undefined) {
      stopping.abort();
    }
    // A start that fails has ended what it had started.
    const started = await starting.catch(() => undefined);
    await started?.close();
  }, exitCode);
  try {
    gateway = await starting;
  } catch (error) {
    if (!stopping.signal.aborted) {
      throw error;
    }
  }
  if (gateway === undefined || stopping.signal.aborted) {
    return await new Promise<never>(() => {});
  }
  return { gateway, release };
}

/**
 * Runs a command while a gateway serves, and returns its exit code. A signal before the command ends this as it would end
 * the command; later ones change nothing.
 */
async function runWithGateway(options: LocalGatewayOptions, command: Command): Promise<number> {
  const { gateway, release } = await startStoppable(
    {
      ...options,
      // The standard output is the command's.
      onLine: (line) => console.error(line),
      colours: process.stderr.isTTY,
    },
    exitCodeOf,
  );
  let code = 1;
  try {
    release();
    // biome-ignore lint/style/noProcessEnv: the command has the environment of this process.
    code = await runCommand(command, process.env, commandVariables(gateway));
  } finally {
    stopOnSignal(
      () => gateway.close(),
      () => code,
    );
    await gateway.close();
  }
  return code;
}

ignoreLostReaders();
try {
  await run();
} catch (error) {
  printError(error);
  process.exit(1);
}
