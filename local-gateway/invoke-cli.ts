import { readConfig } from "./cli/config.ts";
import { findTemplate } from "./cli/find-template.ts";
import { ignoreLostReaders, printError } from "./cli/process.ts";
import { type InvokeArguments, parseInvokeArguments, readEvent } from "./invoke/arguments.ts";
import { describeInvocation } from "./invoke/describe.ts";
import {
  chooseFunction,
  type InvocationReport,
  invokeOnce,
  invokeRunning,
} from "./invoke/invoke.ts";
import { DEFAULT_REGION } from "./options.ts";
import { readApplication } from "./template/application.ts";

/** Invokes a function of the template with the event in a file. True when it returned. */
async function invoke(): Promise<boolean> {
  const args = parseInvokeArguments(process.argv.slice(2));
  const event = await readEvent(args.event);
  const report = await reportOf(args, event);
  for (const line of describeInvocation(report)) {
    console.log(line);
  }
  return report.result.outcome === "returned";
}

/** A running gateway reports everything but the result itself. */
async function reportOf(
  { template, api, stage, functionId, parameterOverrides, envVars, origin }: InvokeArguments,
  event: object,
): Promise<InvocationReport> {
  const shared = readConfig(process.cwd());
  // biome-ignore lint/style/noProcessEnv: the command line is where the developer's region comes in.
  const chosenRegion = process.env.AWS_REGION || shared.region || DEFAULT_REGION;
  const application = await readApplication(
    template ?? shared.template ?? findTemplate(process.cwd()),
    {
      region: chosenRegion,
      parameterOverrides: { ...shared.parameterOverrides, ...parameterOverrides },
      envVars: envVars ?? shared.envVars,
      api: api ?? shared.api,
      stage: stage ?? shared.stage,
    },
  );
  const { region } = application;
  const { logicalId, functionName } = chooseFunction(application, functionId);
  if (origin === undefined) {
    return await invokeOnce(application, region, logicalId, event);
  }
  const result = await invokeRunning({ origin, region, functionName }, event);
  return { result, managementCalls: [], databaseCalls: [], rejections: [], logLines: [] };
}

ignoreLostReaders();
try {
  process.exitCode = (await invoke()) ? 0 : 1;
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
