import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { CrossOriginProtection } from "../cross-origin-protection.ts";
import { PendingWork, within } from "../deadline.ts";
import { Faults } from "../faults/faults.ts";
import { reachableHost } from "../http.ts";
import { Authenticator } from "../iam/authenticator.ts";
import { ManagementAccess } from "../iam/management-access.ts";
import { localAccount, Principals } from "../iam/principals.ts";
import type { LambdaFunction } from "../lambda/invocation.ts";
import { awsHosts } from "../lambda/variables.ts";
import type { LambdaApi } from "../lambda-api/lambda-api.ts";
import type { Observation } from "../observation.ts";
import type { StaticFiles } from "../static-files.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import { Connections } from "./connections.ts";
import type { GatewayContext } from "./context.ts";
import { rejectUpgrade } from "./handshake.ts";
import { type HttpListener, listenHttp } from "./http-listener.ts";
import { QUOTAS } from "./quotas.ts";
import { answerRequest } from "./requests.ts";
import { RouteThrottles } from "./throttling.ts";
import { Upgrades } from "./upgrades.ts";

/** What a gateway serves, and where. */
interface WebSocketGatewayOptions {
  readonly api: WebSocketApi;
  readonly region: string;
  /** Who may sign calls of the management API; the developer alone when absent. */
  readonly principals?: Principals | undefined;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** In seconds; as on AWS when absent. */
  readonly idleTimeout?: number | undefined;
  /** In seconds; as on AWS when absent. */
  readonly connectionDuration?: number | undefined;
  /** Seconds that a client may take to send a request's headers; 10 when absent. */
  readonly headersTimeout?: number | undefined;
  /** Seconds after which a client that does not read what waits for it is closed; 10 when absent. */
  readonly unreadTimeout?: number | undefined;
  /** Keeps web pages out; all of them when absent. */
  readonly crossOrigin?: CrossOriginProtection | undefined;
  /** What goes wrong on demand; nothing when absent. */
  readonly faults?: Faults | undefined;
  /** What is served beside the API; nothing when absent. */
  readonly staticFiles?: StaticFiles | undefined;
  readonly report: (observation: Observation) => void;
}

/** How long a stop waits for clients to close, and then for functions to end, in milliseconds. */
const CLOSE_WAIT = 1_000;
const WORK_WAIT = 3_000;

/** Our own choices, in seconds. */
const HEADERS_TIMEOUT = 10;
const UNREAD_TIMEOUT = 10;

const NOT_SERVING = '{"message":"Service Unavailable"}';

/**
 * API Gateway on one machine: the WebSocket API of one stage, and its management API, on one port. It serves only once
 * it was given the functions, for they have to know its URL before they start.
 */
export class WebSocketGateway {
  /** Where clients connect, with the stage. */
  readonly url: string;
  /** Where the management API is, with the stage. */
  readonly managementUrl: string;
  readonly #listener: HttpListener;
  readonly #context: GatewayContext;
  readonly #upgrades: Upgrades;
  readonly #crossOrigin: CrossOriginProtection;
  #lambdaApi: LambdaApi | undefined;
  #functions: ((functionId: string) => LambdaFunction) | undefined;
  #closed: Promise<void> | undefined;
  #stopped = false;

  /**
   * Begins to listen; every request is answered with 503 until `serve`.
   *
   * Throws when the port cannot be listened on, or the API's route selection expression cannot be read.
   */
  static async listen(options: WebSocketGatewayOptions): Promise<WebSocketGateway> {
    const { host, port, report, headersTimeout = HEADERS_TIMEOUT } = options;
    const onError = (error: unknown) => report({ kind: "error", error });
    const listener = await listenHttp({ host, port, headersTimeout, onError });
    try {
      return new WebSocketGateway(options, listener);
    } catch (error) {
      await listener.close();
      throw error;
    }
  }

  private constructor(options: WebSocketGatewayOptions, listener: HttpListener) {
    const { api, region, host, report, principals = new Principals() } = options;
    const clock = () => performance.now();
    const { api: domainName } = awsHosts(api.apiId, region);
    this.#crossOrigin = options.crossOrigin ?? new CrossOriginProtection({ hosts: [domainName] });
    this.#context = {
      api,
      domainName,
      account: localAccount(region),
      limits: {
        idleTimeout: options.idleTimeout ?? QUOTAS.idleTimeout,
        connectionDuration: options.connectionDuration ?? QUOTAS.connectionDuration,
        unreadTimeout: options.unreadTimeout ?? UNREAD_TIMEOUT,
      },
      throttles: new RouteThrottles(api.routes.values(), clock),
      clock,
      connections: new Connections(),
      authenticator: new Authenticator({ service: "execute-api", region, principals }),
      managementAccess: new ManagementAccess({ api, region, principals }),
      pending: new PendingWork((error) => report({ kind: "error", error })),
      faults: options.faults ?? new Faults(),
      functions: (functionId) => this.#function(functionId),
      staticFiles: options.staticFiles,
      report: (observation) => {
        // Messages that a stop cut off fail by the thousand, and nobody waits for them any more.
        if (observation.kind !== "message" || !this.#stopped) {
          report(observation);
        }
      },
    };
    this.#upgrades = new Upgrades(this.#context);
    this.#listener = listener;
    this.url = `ws://${reachableHost(host)}:${listener.port}/${api.stage}`;
    this.managementUrl = `http://${reachableHost(host)}:${listener.port}/${api.stage}`;
    listener.server.on("upgrade", (...upgrade) => this.#upgrade(...upgrade));
    listener.server.on("request", (...call) => this.#request(...call));
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#context.connections.size;
  }

  /** Begins to serve, with the functions behind the routes by their logical ids, and Lambda's own API if there is one. */
  serve(functions: (functionId: string) => LambdaFunction, lambdaApi?: LambdaApi): void {
    this.#functions = functions;
    this.#lambdaApi = lambdaApi;
  }

  /**
   * Closes every connection with 1001, waits a bounded time for their `$disconnect`, then stops listening. The
   * management API answers until then. Twice is no error.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { connections, pending, faults } = this.#context;
    const invoked = this.#lambdaApi?.close();
    faults.endDelays();
    this.#upgrades.rejectHeld();
    connections.closeAll({
      code: 1001,
      reason: "Going away",
      explanation: "the gateway stops",
    });
    await within(CLOSE_WAIT, connections.empty());
    connections.terminateAll();
    await connections.empty();
    await within(WORK_WAIT, pending.settled());
    await invoked;
    this.#stopped = true;
    await this.#listener.close();
  }

  #function(functionId: string): LambdaFunction {
    if (!this.#functions) {
      throw new Error("The gateway does not serve yet.");
    }
    return this.#functions(functionId);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const problem = this.#crossOrigin.hostProblem(request);
    if (problem !== undefined) {
      this.#context.report({ kind: "rejected", status: 403, problem });
      rejectUpgrade(socket, 403, JSON.stringify({ message: problem }));
    } else if (this.#functions && !this.#closed) {
      this.#upgrades.accept(request, socket, head);
    } else {
      rejectUpgrade(socket, 503, NOT_SERVING);
    }
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const onRejected = (problem: string) =>
      this.#context.report({ kind: "rejected", status: 403, problem });
    const signed = !this.#isForFile(request);
    if (this.#crossOrigin.answer(request, response, { signed, onRejected })) {
      return;
    }
    if (!this.#functions) {
      response.writeHead(503, { "content-type": "application/json" }).end(NOT_SERVING);
      return;
    }
    const answered = this.#lambdaApi?.serves(request.url ?? "")
      ? this.#lambdaApi.answer(request, response)
      : answerRequest(this.#context, request, response);
    answered.catch((error: unknown) => {
      response.destroy();
      // A caller that broke off is no error of the gateway's.
      if (request.complete) {
        this.#context.report({ kind: "error", error });
      }
    });
  }

  /** Browsers read the files of a page, too, and some with an `Origin`. */
  #isForFile({ method = "", url = "" }: IncomingMessage): boolean {
    const { staticFiles, api } = this.#context;
    const isApi = url.startsWith(`/${api.stage}/`) || this.#lambdaApi?.serves(url);
    return staticFiles !== undefined && /^(GET|HEAD)$/.test(method) && !isApi;
  }
}
