import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import type { ConnectionLimits } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { Observation } from "./observation.ts";
import type { PendingWork } from "./pending-work.ts";

/** What the parts of one gateway share. */
export interface GatewayContext {
  readonly api: WebSocketApi;
  /** The host name in events. */
  readonly domainName: string;
  readonly limits: ConnectionLimits;
  readonly connections: Connections;
  /** Handshakes and `$disconnect` events that are under way. */
  readonly pending: PendingWork;
  /** The function with this logical id. */
  readonly functions: (functionId: string) => LambdaFunction;
  readonly report: (observation: Observation) => void;
}
