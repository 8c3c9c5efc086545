import type { Authorizer } from "./authorizer.ts";
import type { Route } from "./route.ts";

/** One WebSocket API and its one stage. */
export interface WebSocketApi {
  readonly logicalId: string;
  /** Ten characters, as in the host name of a deployed API. */
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
