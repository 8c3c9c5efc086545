import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type PendingWork, within } from "../deadline.ts";
import type { Faults } from "../faults/faults.ts";
import { Authenticator } from "../iam/authenticator.ts";
import { ManagementAccess } from "../iam/management-access.ts";
import { localAccount, type Principals } from "../iam/principals.ts";
import { awsHosts } from "../lambda/variables.ts";
import type { Observation } from "../observation.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import { ConnectionAuthorizer } from "./authorizer.ts";
import { ConnectRoute } from "./connect-route.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import { Connections } from "./connections.ts";
import { DisconnectRoute } from "./disconnect-route.ts";
import { Upgrades } from "./handshake.ts";
import { type FindFunction, Integrations } from "./integration.ts";
import { ManagementApi } from "./management-api.ts";
import { MessageDispatcher } from "./messages.ts";
import { QUOTAS } from "./quotas.ts";
import { RouteThrottles } from "./throttling.ts";

/** What is the same for all stages of a gateway. */
export interface ApiStageOptions {
  readonly region: string;
  /** The functions behind the routes. */
  readonly functions: FindFunction;
  readonly principals: Principals;
  readonly faults: Faults;
  /** Takes the handshakes, `$disconnect` events and repeated events that are under way. */
  readonly pending: PendingWork;
  /** In seconds; as on AWS when absent. */
  readonly idleTimeout?: number | undefined;
  /** In seconds; as on AWS when absent. */
  readonly connectionDuration?: number | undefined;
  /** Seconds after which a client that does not read what waits for it is closed; 10 when absent. */
  readonly unreadTimeout?: number | undefined;
  readonly report: (observation: Observation) => void;
}

/** How long a stop waits for clients to close, in milliseconds. */
const CLOSE_WAIT = 1_000;

/** Our own choice, in seconds. */
const UNREAD_TIMEOUT = 10;

/** One WebSocket API at one of its stages: its connections, and the management API that reaches them and no others. */
export class ApiStage {
  /** As in the path of URLs. */
  readonly name: string;
  readonly managementApi: ManagementApi;
  readonly #connections = new Connections();
  readonly #upgrades: Upgrades;

  /**
   * Throws when the API's route selection expression cannot be read.
   *
   * @param stageNames of all stages on the port
   */
  constructor(api: WebSocketApi, stageNames: readonly string[], options: ApiStageOptions) {
    const { region, functions, principals, faults, pending, report } = options;
    const connections = this.#connections;
    const clock = () => performance.now();
    const throttles = new RouteThrottles(api.routes.values(), clock);
    const integrations = new Integrations({ functions, faults, pending });
    const authorizer = new ConnectionAuthorizer({
      api,
      account: localAccount(region),
      authenticator: new Authenticator({ service: "execute-api", region, principals }),
      functions,
    });
    const connectRoute = new ConnectRoute({ api, throttles, authorizer, integrations });
    const route = api.routes.get("$disconnect");
    const disconnectRoute = new DisconnectRoute({ route, integrations, faults, report });
    const messages = new MessageDispatcher({ api, throttles, integrations, clock, report });
    const connectionListener: ConnectionListener = {
      message: (connection, text) =>
        messages
          .dispatch(connection, text)
          .catch((error: unknown) => report({ kind: "error", error })),
      closed: (connection, cause) => {
        pending.add(disconnectRoute.run(connection.details, cause));
        connections.remove(connection);
      },
    };
    const limits = {
      idleTimeout: options.idleTimeout ?? QUOTAS.idleTimeout,
      connectionDuration: options.connectionDuration ?? QUOTAS.connectionDuration,
      unreadTimeout: options.unreadTimeout ?? UNREAD_TIMEOUT,
    };
    this.name = api.stage;
    this.managementApi = new ManagementApi({
      stage: api.stage,
      access: new ManagementAccess({ api, region, principals }),
      connections,
      faults,
      report,
    });
    this.#upgrades = new Upgrades({
      api,
      stageNames,
      domainName: awsHosts(api.apiId, region).api,
      connectRoute,
      disconnectRoute,
      pending,
      report,
      onOpen: (details, opened) =>
        connections.add(new Connection(details, opened, limits, connectionListener)),
    });
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The connections whose sockets have not closed. */
  get openConnections(): Iterable<Connection> {
    return this.#connections.values();
  }

  /** The connection with this id that can be reached; undefined when there is none. */
  reachable(connectionId: string): Connection | undefined {
    return this.#connections.reachable(connectionId);
  }

  /** Answers an upgrade request, once its `$connect` has run. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#upgrades.accept(request, socket, head);
  }

  /** Closes every connection with 1001, and resolves within about a second, when all sockets are closed. */
  async closeConnections(): Promise<void> {
    const connections = this.#connections;
    this.#upgrades.rejectWaiting();
    connections.closeAll({
      code: 1001,
      reason: "Going away",
      explanation: "the gateway stops",
    });
    await within(CLOSE_WAIT, connections.empty());
    connections.terminateAll();
    await connections.empty();
  }
}
