/** One WebSocket API with its stages, those that run here: one at least. */
export interface StagedApi {
  readonly logicalId: string;
  /** Ten characters, as in the host name of a deployed API. */
  readonly apiId: string;
  readonly stages: readonly [WebSocketApi, ...WebSocketApi[]];
}

/** One WebSocket API at one of its stages. */
export interface WebSocketApi {
  readonly logicalId: string;
  /** As that of the {@link StagedApi}. */
  readonly apiId: string;
  readonly stage: string;
  /** As in the template, for example `$request.body.action`. */
  readonly routeSelectionExpression: string;
  /** By route key. */
  readonly routes: ReadonlyMap<string, Route>;
  /** What `$connect` has to pass, `AWS_IAM` for a signature; absent when everyone may connect. */
  readonly authorizer?: Authorizer | "AWS_IAM";
  /** Absent when the stage has none. */
  readonly stageVariables?: Readonly<Record<string, string>>;
}

/** One route of a WebSocket API and the integration behind it: a Lambda function, a MOCK integration or none. */
export interface Route {
  readonly routeKey: string;
  /** The logical id of the function that the route points at; absent when it points at none. */
  readonly functionId?: string;
  /** What a MOCK integration answers; absent when the route has another integration or none. */
  readonly mock?: MockIntegration;
  /** True when the route has both a RouteResponseSelectionExpression and a RouteResponse. */
  readonly twoWay: boolean;
  /** How long API Gateway waits for the function, in milliseconds. */
  readonly integrationTimeout: number;
  /** Absent when the stage sets no limit for the route. */
  readonly throttle?: RouteThrottle;
}

/** A MOCK integration: what it answers is constant, and no function runs. */
export interface MockIntegration {
  readonly statusCode: number;
  /** The text for the client; absent when no integration response fits the status. */
  readonly body?: string;
}

/** How much a stage accepts on one route, all of its clients together. */
export interface RouteThrottle {
  /** Requests a second in the long run. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
  /** The property of the template that says so. */
  readonly setBy: "DefaultRouteSettings" | "RouteSettings";
}

/** The Lambda authorizer of type REQUEST that `$connect` has to pass. */
export interface Authorizer {
  /** The logical id of its function. */
  readonly functionId: string;
  /**
   * What every upgrade request has to bring: `route.request.header.NAME`, `route.request.querystring.NAME`,
   * `stageVariables.NAME` or `context.PATH`. May be empty.
   */
  readonly identitySources: readonly string[];
}

/**
 * How long API Gateway waits for an integration when the template says nothing, in milliseconds.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const DEFAULT_INTEGRATION_TIMEOUT = 29_000;
