import type { RouteThrottle } from "./route-throttle.ts";

/** One route of a WebSocket API and the Lambda proxy integration behind it. */
export interface Route {
  readonly routeKey: string;
  /** The logical id of the function that the route points at; absent when the route has no integration. */
  readonly functionId?: string;
  /** True when the route has both a RouteResponseSelectionExpression and a RouteResponse. */
  readonly twoWay: boolean;
  /** How long API Gateway waits for the function, in milliseconds. */
  readonly integrationTimeout: number;
  /** Absent when the stage sets no limit for the route. */
  readonly throttle?: RouteThrottle;
}
