import { chooseFunction } from "./invoke/choose-function.ts";
import { describeInvocation } from "./invoke/describe-invocation.ts";
import { invokeOnce } from "./invoke/invoke-once.ts";
import { parseInvokeArguments } from "./invoke/parse-invoke-arguments.ts";
import { readEvent } from "./invoke/read-event.ts";
import { readApplication } from "./template/read-application.ts";

const REGION = "us-east-1";

/** Invokes a function of the template with the event in a file. True when it returned. */
async function invoke(): Promise<boolean> {
  const { event, template, functionId, parameterOverrides } = parseInvokeArguments(
    process.argv.slice(2),
  );
  const content = await readEvent(event);
  const application = await readApplication(template, { region: REGION, parameterOverrides });
  const chosen = chooseFunction(application, functionId);
  const report = await invokeOnce(application, REGION, chosen, content);
  for (const line of describeInvocation(report)) {
    console.log(line);
  }
  return report.result.outcome === "returned";
}

try {
  process.exitCode = (await invoke()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
