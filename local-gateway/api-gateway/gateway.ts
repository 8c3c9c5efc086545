import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { CrossOriginProtection } from "../cross-origin-protection.ts";
import { PendingWork, within } from "../deadline.ts";
import { Faults } from "../faults/faults.ts";
import { reachableHost } from "../http.ts";
import { Authenticator } from "../iam/authenticator.ts";
import { ManagementAccess } from "../iam/management-access.ts";
import { localAccount, Principals } from "../iam/principals.ts";
import { awsHosts } from "../lambda/variables.ts";
import type { LambdaApi } from "../lambda-api/lambda-api.ts";
import type { Observation } from "../observation.ts";
import type { StaticFiles } from "../static-files.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import { ConnectionAuthorizer } from "./authorizer.ts";
import { ConnectRoute } from "./connect-route.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import { Connections } from "./connections.ts";
import { DisconnectRoute } from "./disconnect-route.ts";
import { Upgrades } from "./handshake.ts";
import {
  INTERNAL_SERVER_ERROR,
  rejectUpgrade,
  SERVICE_UNAVAILABLE,
  sendAnswer,
} from "./http-answers.ts";
import type { HttpListener } from "./http-listener.ts";
import { type FindFunction, Integrations } from "./integration.ts";
import { ManagementApi } from "./management-api.ts";
import { MessageDispatcher } from "./messages.ts";
import { QUOTAS } from "./quotas.ts";
import { answerRequest } from "./requests.ts";
import { RouteThrottles } from "./throttling.ts";

/** What a gateway serves, and with what rules. */
interface WebSocketGatewayOptions {
  readonly api: WebSocketApi;
  readonly region: string;
  /** The functions behind the routes. */
  readonly functions: FindFunction;
  /** Lambda's own API on the same port; not served when absent. */
  readonly lambdaApi?: LambdaApi | undefined;
  /** Who may sign calls of the management API; the developer alone when absent. */
  readonly principals?: Principals | undefined;
  /** In seconds; as on AWS when absent. */
  readonly idleTimeout?: number | undefined;
  /** In seconds; as on AWS when absent. */
  readonly connectionDuration?: number | undefined;
  /** Seconds after which a client that does not read what waits for it is closed; 10 when absent. */
  readonly unreadTimeout?: number | undefined;
  /** Keeps web pages out; all of them when absent. */
  readonly crossOrigin?: CrossOriginProtection | undefined;
  /** What goes wrong on demand; nothing when absent. */
  readonly faults?: Faults | undefined;
  /** What is served next to the API; nothing when absent. */
  readonly staticFiles?: StaticFiles | undefined;
  readonly report: (observation: Observation) => void;
}

/** How long a stop waits for clients to close, and then for functions to end, in milliseconds. */
const CLOSE_WAIT = 1_000;
const WORK_WAIT = 3_000;

/** Our own choice, in seconds. */
const UNREAD_TIMEOUT = 10;

/** The URLs of a stage behind a listener. */
interface StageUrls {
  /** Where clients connect, with the stage. */
  readonly url: string;
  /** Where the management API is, with the stage. */
  readonly managementUrl: string;
}

/** Where a stage is reached from this machine. */
export function stageUrls(
  stage: string,
  { host, port }: Pick<HttpListener, "host" | "port">,
): StageUrls {
  const address = `${reachableHost(host)}:${port}/${stage}`;
  return { url: `ws://${address}`, managementUrl: `http://${address}` };
}

/** API Gateway on one machine: the WebSocket API of one stage, and its management API, on one port. */
export class WebSocketGateway {
  readonly #options: WebSocketGatewayOptions;
  readonly #listener: HttpListener;
  readonly #crossOrigin: CrossOriginProtection;
  readonly #faults: Faults;
  readonly #connections = new Connections();
  /** Handshakes, `$disconnect` events and repeated events that are under way. */
  readonly #pending: PendingWork;
  readonly #managementApi: ManagementApi;
  readonly #upgrades: Upgrades;
  #closed: Promise<void> | undefined;
  #stopped = false;

  /**
   * Begins to serve on a listener, which it closes at its end.
   *
   * Throws when the API's route selection expression cannot be read; then the listener is left as it was.
   */
  constructor(listener: HttpListener, options: WebSocketGatewayOptions) {
    const {
      api,
      region,
      functions,
      principals = new Principals(),
      faults = new Faults(),
    } = options;
    const { api: domainName } = awsHosts(api.apiId, region);
    const report = (observation: Observation) => this.#report(observation);
    const onError = (error: unknown) => report({ kind: "error", error });
    const connections = this.#connections;
    const pending = new PendingWork(onError);
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
      message: (connection, text) => messages.dispatch(connection, text).catch(onError),
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
    this.#options = options;
    this.#listener = listener;
    this.#crossOrigin = options.crossOrigin ?? new CrossOriginProtection({ hosts: [domainName] });
    this.#faults = faults;
    this.#pending = pending;
    this.#managementApi = new ManagementApi({
      stage: api.stage,
      access: new ManagementAccess({ api, region, principals }),
      connections,
      faults,
      report,
    });
    this.#upgrades = new Upgrades({
      api,
      domainName,
      connectRoute,
      disconnectRoute,
      pending,
      report,
      onOpen: (details, opened) =>
        connections.add(new Connection(details, opened, limits, connectionListener)),
    });
    listener.serve({
      request: (request, response) => void this.#serve(request, response),
      upgrade: (request, socket, head) => this.#upgrade(request, socket, head),
    });
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /**
   * Closes every connection with 1001, waits a bounded time for their `$disconnect`, then stops listening. The
   * management API answers until then. Twice is not an error.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const connections = this.#connections;
    const invoked = this.#options.lambdaApi?.close();
    this.#faults.endDelays();
    this.#upgrades.rejectWaiting();
    connections.closeAll({
      code: 1001,
      reason: "Going away",
      explanation: "the gateway stops",
    });
    await within(CLOSE_WAIT, connections.empty());
    connections.terminateAll();
    await connections.empty();
    await within(WORK_WAIT, this.#pending.settled());
    await invoked;
    this.#stopped = true;
    await this.#listener.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const checked = this.#crossOrigin.checkHost(request);
    if (!checked.ok) {
      const { problem } = checked;
      this.#report({ kind: "rejected", status: 403, problem });
      rejectUpgrade(socket, { status: 403, body: JSON.stringify({ message: problem }) });
    } else if (this.#closed) {
      rejectUpgrade(socket, SERVICE_UNAVAILABLE);
    } else {
      this.#upgrades.accept(request, socket, head);
    }
  }

  /** Answers a request. An error of the gateway's own is reported, and answered with 500 where it still can be. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      this.#report({ kind: "error", error });
      if (response.headersSent) {
        response.destroy();
      } else {
        sendAnswer(response, INTERNAL_SERVER_ERROR);
      }
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { api, lambdaApi, staticFiles } = this.#options;
    const signed = !this.#isForFile(request);
    const onRejected = (problem: string) =>
      this.#report({ kind: "rejected", status: 403, problem });
    if (this.#crossOrigin.answer(request, response, { signed, onRejected })) {
      return;
    }
    if (lambdaApi?.serves(request.url ?? "")) {
      await lambdaApi.answer(request, response);
      return;
    }
    const { stage } = api;
    const managementApi = this.#managementApi;
    await answerRequest(request, response, {
      stage,
      managementApi,
      staticFiles,
      report: (observation) => this.#report(observation),
    });
  }

  /** Browsers read the files of a page, too, and some with an `Origin`. */
  #isForFile({ method = "", url = "" }: IncomingMessage): boolean {
    const { staticFiles, api, lambdaApi } = this.#options;
    const isApi = url.startsWith(`/${api.stage}/`) || lambdaApi?.serves(url);
    return staticFiles !== undefined && /^(GET|HEAD)$/.test(method) && !isApi;
  }

  #report(observation: Observation): void {
    // Messages that a stop cut off fail by the thousand, and their answers reach no client any more.
    if (observation.kind !== "message" || !this.#stopped) {
      this.#options.report(observation);
    }
  }
}
