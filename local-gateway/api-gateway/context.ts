import type { PendingWork } from "../deadline.ts";
import type { Faults } from "../faults/faults.ts";
import type { Authenticator } from "../iam/authenticator.ts";
import type { ManagementAccess } from "../iam/management-access.ts";
import type { Account } from "../iam/principals.ts";
import type { LambdaFunction } from "../lambda/invocation.ts";
import type { Observation } from "../observation.ts";
import type { StaticFiles } from "../static-files.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import type { ConnectionLimits } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { RouteThrottles } from "./throttling.ts";

/** What the parts of one gateway share. */
export interface GatewayContext {
  readonly api: WebSocketApi;
  /** The host name in events. */
  readonly domainName: string;
  readonly account: Account;
  readonly limits: ConnectionLimits;
  readonly throttles: RouteThrottles;
  /** In milliseconds; only differences count. */
  readonly clock: () => number;
  readonly connections: Connections;
  /** Who signed an upgrade. */
  readonly authenticator: Authenticator;
  readonly managementAccess: ManagementAccess;
  /** What goes wrong on demand. */
  readonly faults: Faults;
  /** Handshakes, `$disconnect` events and repeated events that are under way. */
  readonly pending: PendingWork;
  /** The function with this logical id. */
  readonly functions: (functionId: string) => LambdaFunction;
  /** What is served beside the API, which API Gateway does not do. */
  readonly staticFiles: StaticFiles | undefined;
  readonly report: (observation: Observation) => void;
}
