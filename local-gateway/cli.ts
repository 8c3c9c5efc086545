import { readFileSync } from "node:fs";
import { parseArguments, USAGE } from "./cli/arguments.ts";
import { commandVariables, readExec, runCommand } from "./cli/exec.ts";
import { findTemplate } from "./cli/find-template.ts";
import { introduce } from "./cli/introduce.ts";
import { ignoreLostReaders, stopOnSignal } from "./cli/process.ts";
import { type LocalGateway, startLocalGateway } from "./index.ts";

const DEFAULT_REGION = "us-east-1";
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

function readVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")).version;
}

async function run(): Promise<void> {
  const args = process.argv.slice(2);
  const exec = readExec(args);
  const { help, version, template, ...options } = parseArguments(exec?.gateway ?? args);
  if (help) {
    console.log(USAGE);
    return;
  }
  if (version) {
    console.log(readVersion());
    return;
  }
  if (!LOOPBACK.test(options.host)) {
    console.warn(`Warning: with --host ${options.host} anyone on the network can connect.`);
  }
  const found = template ?? findTemplate(process.cwd());
  const starting = startLocalGateway({
    watch: true,
    ...options,
    template: found,
    // biome-ignore lint/style/noProcessEnv: the command line is where the developer's region comes in.
    region: process.env.AWS_REGION || DEFAULT_REGION,
    colours: process.stdout.isTTY,
    // The command's own output stays its own.
    ...(exec && { onLine: (line: string) => console.error(line) }),
  });
  if (exec) {
    const gateway = await starting;
    process.exitCode = await runWithin(gateway, exec.command);
    return;
  }
  stopOnSignal(async () => (await starting).close());
  const gateway = await starting;
  const [listening, ...rest] = introduce(gateway, template === undefined ? found : undefined);
  console.log(listening);
  if (!options.quiet) {
    for (const line of rest) {
      console.log(line);
    }
  }
}

/** Runs a command while the gateway serves, and returns its exit code. */
async function runWithin(
  gateway: LocalGateway,
  command: Parameters<typeof runCommand>[0],
): Promise<number> {
  try {
    // biome-ignore lint/style/noProcessEnv: the command has the environment of whoever runs it.
    return await runCommand(command, process.env, commandVariables(gateway));
  } finally {
    await gateway.close();
  }
}

ignoreLostReaders();
try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
