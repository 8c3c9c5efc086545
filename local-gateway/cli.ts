import { readFileSync } from "node:fs";
import { parseArguments, USAGE } from "./cli/arguments.ts";
import { introduce } from "./cli/introduce.ts";
import { ignoreLostReaders, stopOnSignal } from "./cli/process.ts";
import { startLocalGateway } from "./index.ts";

const DEFAULT_REGION = "us-east-1";
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

function readVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")).version;
}

async function run(): Promise<void> {
  const { help, version, ...options } = parseArguments(process.argv.slice(2));
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
  const starting = startLocalGateway({
    watch: true,
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
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
