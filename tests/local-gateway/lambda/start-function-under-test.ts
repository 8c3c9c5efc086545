import type { FunctionReport } from "../../../local-gateway/lambda/function-report.ts";
import { type FunctionsOptions, startFunctions } from "../../../local-gateway/lambda/start.ts";
import type { FunctionDefinition } from "../../../local-gateway/template/functions.ts";
import { Inbox } from "../support/inbox.ts";
import { defineFunction } from "./define-function.ts";
import { LogLines } from "./log-lines.ts";

const API = {
  logicalId: "Api",
  apiId: "abcdefghij",
  stage: "dev",
  routeSelectionExpression: "$request.body.action",
  routes: new Map(),
};

/** Starts one function of the fixtures; a test gives its special members. */
export async function startFunctionUnderTest(
  special: Partial<FunctionDefinition>,
  options: Pick<FunctionsOptions, "watch" | "inspect" | "maxEnvironments"> = {},
) {
  const definition = defineFunction(special);
  const lines = new LogLines();
  const reports = new Inbox<FunctionReport>();
  const lambda = await startFunctions(
    {
      apis: [{ ...API, stages: [API] }],
      region: "eu-west-1",
      functions: new Map([[definition.logicalId, definition]]),
      tables: [],
      eventSources: [],
      warnings: [],
    },
    {
      region: "eu-west-1",
      managementUrl: () => "http://127.0.0.1:3300/dev",
      dynamodbUrl: "http://127.0.0.1:3301",
      onLogLine: (_functionId, line) => lines.add(line),
      onReport: (report) => reports.put(report),
      ...options,
    },
  );
  const { logicalId } = definition;
  return {
    lambda,
    logicalId,
    lines,
    reports,
    invoke: (event: object = {}) => lambda.function(logicalId).invoke(event),
    credentials: lambda.credentials(logicalId),
    [Symbol.asyncDispose]: () => lambda.close(),
  };
}
