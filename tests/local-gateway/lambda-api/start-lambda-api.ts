import type { Faults } from "../../../local-gateway/faults/faults.ts";
import { Principals } from "../../../local-gateway/iam/principals.ts";
import type { Invocation, InvocationResult } from "../../../local-gateway/lambda/invocation.ts";
import type { Wait } from "../../../local-gateway/lambda-api/asynchronous-invocations.ts";
import { LambdaApi } from "../../../local-gateway/lambda-api/lambda-api.ts";
import type { Observation } from "../../../local-gateway/observation.ts";
import type { EventInvokeConfig } from "../../../local-gateway/template/event-invoke-config.ts";
import { Inbox } from "../support/inbox.ts";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";

/** What the function of a test was invoked with. */
interface Received {
  readonly event: unknown;
  readonly invocation: Invocation | undefined;
}

/** What a test cares about; the rest is a function that returns null. */
interface TestLambdaOptions {
  readonly answer?: (attempt: number) => InvocationResult | Promise<InvocationResult>;
  readonly principals?: Principals;
  readonly wait?: Wait;
  readonly faults?: Faults;
  readonly eventInvokeConfig?: EventInvokeConfig;
}

/** Starts Lambda's API for one function, `local-Fn` with the alias `live`, in eu-west-1; disposing closes it. */
export async function startLambdaApi({
  answer = () => returns(null),
  principals = new Principals(),
  wait,
  eventInvokeConfig,
  faults,
}: TestLambdaOptions = {}) {
  let attempts = 0;
  const invocations = new Inbox<Received>();
  const observations = new Inbox<Observation>();
  const lambda = {
    invoke: async (event: unknown, invocation?: Invocation) => {
      invocations.put({ event, invocation });
      attempts += 1;
      return await answer(attempts);
    },
  };
  const lambdaApi = new LambdaApi({
    region: "eu-west-1",
    principals,
    functions: [
      {
        logicalId: "Fn",
        functionName: "local-Fn",
        alias: "live",
        handler: "index.handler",
        runtime: "nodejs24.x",
        timeout: 3,
        memorySize: 128,
        codePath: "/",
        environment: {},
        logFormat: "Text",
        policies: [],
        ...(eventInvokeConfig && { eventInvokeConfig }),
      },
    ],
    running: () => lambda,
    report: (observation) => observations.put(observation),
    ...(wait && { wait }),
    ...(faults && { faults }),
  });
  const { gateway, port } = await startGateway({ lambdaApi });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => gateway.close(),
    /** What the function was invoked with. */
    invocations,
    observations,
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}
