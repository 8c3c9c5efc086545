import { stageUrls, WebSocketGateway } from "../../../local-gateway/api-gateway/gateway.ts";
import { listenHttp } from "../../../local-gateway/api-gateway/http-listener.ts";
import type { Faults } from "../../../local-gateway/faults/faults.ts";
import type { Principals } from "../../../local-gateway/iam/principals.ts";
import type { LambdaApi } from "../../../local-gateway/lambda-api/lambda-api.ts";
import type { Observation } from "../../../local-gateway/observation.ts";
import type { StaticFiles } from "../../../local-gateway/static-files.ts";
import type {
  Route,
  RouteThrottle,
  WebSocketApi,
} from "../../../local-gateway/template/web-socket-api.ts";
import { Inbox } from "./inbox.ts";
import { type Answer, RecordingFunction } from "./recording-function.ts";
import { returns } from "./returns.ts";

/** A route as a test describes it: one-way and with an integration, unless it says otherwise. */
interface TestRoute {
  readonly twoWay?: boolean;
  readonly integrated?: boolean;
  /** In milliseconds. */
  readonly integrationTimeout?: number;
  readonly throttle?: RouteThrottle;
}

/** What a test cares about; the rest is a one-way API that answers 200. */
export interface TestGatewayOptions {
  readonly routes?: Readonly<Record<string, TestRoute>>;
  readonly routeSelectionExpression?: string;
  readonly stage?: string;
  readonly answer?: Answer;
  /** What the gateway has in place of its one function, for an error of its own. */
  readonly functions?: () => never;
  /** The identity sources of an authorizer, which is the same function; without them there is no authorizer. */
  readonly identitySources?: readonly string[];
  /** Only signed upgrades are accepted. */
  readonly requiresSignature?: boolean;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** Who may sign calls of the management API; the developer alone when absent. */
  readonly principals?: Principals;
  readonly idleTimeout?: number;
  readonly connectionDuration?: number;
  readonly headersTimeout?: number;
  readonly unreadTimeout?: number;
  readonly faults?: Faults;
  readonly lambdaApi?: LambdaApi;
  readonly staticFiles?: StaticFiles;
}

/** Starts a gateway in front of one recording function; disposing it closes it. */
export async function startGateway({
  routes = { $connect: {}, $disconnect: {}, $default: {} },
  routeSelectionExpression = "$request.body.action",
  stage = "live",
  answer = () => returns({ statusCode: 200 }),
  identitySources,
  requiresSignature = false,
  stageVariables,
  headersTimeout,
  functions,
  ...options
}: TestGatewayOptions = {}) {
  const lambda = new RecordingFunction(answer);
  const observations = new Inbox<Observation>();
  const report = (observation: Observation) => observations.put(observation);
  const onError = (error: unknown) => report({ kind: "error", error });
  const listener = await listenHttp({ host: "127.0.0.1", port: 0, headersTimeout, onError });
  await using starting = new AsyncDisposableStack();
  starting.defer(() => listener.close());
  const api: WebSocketApi = {
    logicalId: "TestApi",
    apiId: "k2v9xq41ab",
    stage,
    routeSelectionExpression,
    routes: new Map(Object.entries(routes).map(([key, route]) => [key, toRoute(key, route)])),
    ...(identitySources && { authorizer: { functionId: "Handler", identitySources } }),
    ...(requiresSignature && { authorizer: "AWS_IAM" }),
    ...(stageVariables && { stageVariables }),
  };
  const gateway = new WebSocketGateway([{ listener, api: { stages: [api] } }], {
    region: "eu-west-1",
    functions: functions ?? (() => lambda),
    report,
    ...options,
  });
  starting.move();
  return {
    gateway,
    ...stageUrls(stage, listener),
    port: listener.port,
    events: lambda.events,
    observations,
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

function toRoute(
  routeKey: string,
  { twoWay = false, integrated = true, integrationTimeout = 29_000, throttle }: TestRoute,
): Route {
  return {
    routeKey,
    twoWay,
    integrationTimeout,
    ...(integrated && { functionId: "Handler" }),
    ...(throttle && { throttle }),
  };
}
