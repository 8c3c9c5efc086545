import { type Arguments, parseArguments, USAGE } from "./arguments.ts";
import { DeployedTarget } from "./deployed-target.ts";
import { LocalTarget } from "./local-target.ts";
import { chooseProbes } from "./probes.ts";
import { runProbes } from "./run-probes.ts";
import { describeOutcome, describeTotals } from "./scoreboard.ts";
import type { Target } from "./target.ts";

/** True when no row fails. */
async function run(): Promise<boolean> {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return true;
  }
  const probes = chooseProbes(options.only);
  const target = targetOf(options);
  try {
    const outcomes = await runProbes(probes, target, options);
    const lines = [...outcomes.flatMap(describeOutcome), "", ...describeTotals(outcomes)];
    console.log(lines.join("\n"));
    return !outcomes.some(({ kind }) => kind === "failed");
  } finally {
    await target.close();
  }
}

function targetOf({ urls, managementUrl = "", region, timeout }: Arguments): Target {
  if (Object.keys(urls).length === 0) {
    return new LocalTarget(timeout);
  }
  // biome-ignore lint/style/noProcessEnv: the command line is where AWS's own variables come in.
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = process.env;
  return new DeployedTarget({
    urls,
    managementUrl,
    region: region ?? AWS_REGION ?? "us-east-1",
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID ?? "local",
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "local",
      ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
    },
    timeout,
  });
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
