import { readFileSync } from "node:fs";
import { parseArguments, USAGE } from "./cli/arguments.ts";
import { introduce } from "./cli/introduce.ts";
import { ignoreLostReaders, printError, stopOnSignal } from "./cli/process.ts";
import { DEFAULT_REGION, type LocalGatewayOptions } from "./options.ts";
import { startLocalGateway } from "./start-local-gateway.ts";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

function readVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")).version;
}

async function run(): Promise<void> {
  const command = parseArguments(process.argv.slice(2));
  switch (command.kind) {
    case "help":
      console.log(USAGE);
      return;
    case "version":
      console.log(readVersion());
      return;
    case "start":
      await start(command.options);
  }
}

async function start(options: LocalGatewayOptions & { readonly host: string }): Promise<void> {
  if (!LOOPBACK.test(options.host)) {
    console.warn(`Warning: with --host ${options.host} anyone on the network can connect.`);
  }
  const starting = startLocalGateway({
    ...options,
    // biome-ignore lint/style/noProcessEnv: the command line is where the developer's region comes in.
    region: process.env.AWS_REGION || DEFAULT_REGION,
    colours: process.stdout.isTTY,
  });
  stopOnSignal(async () => (await starting).close());
  const gateway = await starting;
  const [listening, ...rest] = introduce(gateway);
  console.log(listening);
  if (!options.quiet) {
    for (const line of rest) {
      console.log(line);
    }
  }
}

ignoreLostReaders();
try {
  await run();
} catch (error) {
  printError(error);
  process.exit(1);
}
