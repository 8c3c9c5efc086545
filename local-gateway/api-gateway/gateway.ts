import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { CrossOriginProtection } from "../cross-origin-protection.ts";
import { PendingWork, within } from "../deadline.ts";
import { Faults } from "../faults/faults.ts";
import { reachableHost } from "../http.ts";
import { Principals } from "../iam/principals.ts";
import { awsHosts } from "../lambda/variables.ts";
import type { LambdaApi } from "../lambda-api/lambda-api.ts";
import type { Observation } from "../observation.ts";
import type { StaticFiles } from "../static-files.ts";
import type { StagedApi, WebSocketApi } from "../template/web-socket-api.ts";
import { ApiStage, type ApiStageOptions } from "./api-stage.ts";
import type { Connection } from "./connection.ts";
import { requestPath } from "./handshake.ts";
import {
  INTERNAL_SERVER_ERROR,
  rejectUpgrade,
  SERVICE_UNAVAILABLE,
  sendAnswer,
} from "./http-answers.ts";
import type { HttpListener } from "./http-listener.ts";
import { readManagementPath } from "./management-path.ts";
import { answerRequest } from "./requests.ts";

/** A WebSocket API and where it listens: its stages share the port, and a stage is the first part of a path. */
interface ServedApi {
  readonly listener: HttpListener;
  readonly api: Pick<StagedApi, "stages">;
}

/** What a gateway serves, and with what rules. */
interface WebSocketGatewayOptions
  extends Omit<ApiStageOptions, "principals" | "faults" | "pending"> {
  /** Lambda's own API on the same ports; not served when absent. */
  readonly lambdaApi?: LambdaApi | undefined;
  /** Who may sign calls of the management API; the developer alone when absent. */
  readonly principals?: Principals | undefined;
  /** Keeps web pages out; all of them when absent. */
  readonly crossOrigin?: CrossOriginProtection | undefined;
  /** What goes wrong on demand; nothing when absent. */
  readonly faults?: Faults | undefined;
  /** What is served next to the APIs; nothing when absent. */
  readonly staticFiles?: StaticFiles | undefined;
}

/** How long a stop waits for functions to end, in milliseconds. */
const WORK_WAIT = 3_000;

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

/** The stages behind one listener. */
type Stages = readonly [ApiStage, ...ApiStage[]];

/** API Gateway on one machine: WebSocket APIs at their stages with their management APIs, each API on one port. */
export class WebSocketGateway {
  readonly #options: WebSocketGatewayOptions;
  readonly #listeners: readonly HttpListener[];
  readonly #stages: readonly ApiStage[];
  readonly #crossOrigin: CrossOriginProtection;
  readonly #faults: Faults;
  readonly #pending: PendingWork;
  #closed: Promise<void> | undefined;
  #stopped = false;

  /**
   * Begins to serve on the listeners, which it closes at its end.
   *
   * Throws when a route selection expression cannot be read; then the listeners are left as they were.
   */
  constructor(apis: readonly ServedApi[], options: WebSocketGatewayOptions) {
    const { region, principals = new Principals(), faults = new Faults() } = options;
    const report = (observation: Observation) => this.#report(observation);
    const pending = new PendingWork((error) => report({ kind: "error", error }));
    const stageOptions = { ...options, principals, faults, pending, report };
    const served = apis.map(({ listener, api }) => {
      const [first, ...others] = api.stages;
      const names = [first, ...others].map(({ stage }) => stage);
      const create = (api: WebSocketApi) => new ApiStage(api, names, stageOptions);
      return { listener, stages: [create(first), ...others.map(create)] as const };
    });
    const domainNames = apis.map(({ api }) => awsHosts(api.stages[0].apiId, region).api);
    this.#options = options;
    this.#listeners = served.map(({ listener }) => listener);
    this.#stages = served.flatMap(({ stages }) => stages);
    this.#crossOrigin = options.crossOrigin ?? new CrossOriginProtection({ hosts: domainNames });
    this.#faults = faults;
    this.#pending = pending;
    for (const { listener, stages } of served) {
      listener.serve({
        request: (request, response) => void this.#serve(stages, request, response),
        upgrade: (request, socket, head) => this.#upgrade(stages, request, socket, head),
      });
    }
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#stages.reduce((sum, { connections }) => sum + connections, 0);
  }

  /** The connections of all stages whose sockets have not closed. */
  *openConnections(): Iterable<Connection> {
    for (const stage of this.#stages) {
      yield* stage.openConnections;
    }
  }

  /** The connection with this id that can be reached; undefined when there is none. */
  reachable(connectionId: string): Connection | undefined {
    return this.#stages
      .map((stage) => stage.reachable(connectionId))
      .find((connection) => connection !== undefined);
  }

  /**
   * Closes every connection with 1001, waits a bounded time for their `$disconnect`, then stops listening. The
   * management APIs answer until then. Twice is not an error.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const invoked = this.#options.lambdaApi?.close();
    this.#faults.endDelays();
    await Promise.all(this.#stages.map((stage) => stage.closeConnections()));
    await within(WORK_WAIT, this.#pending.settled());
    await invoked;
    this.#stopped = true;
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  #upgrade(stages: Stages, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const checked = this.#crossOrigin.checkHost(request);
    if (!checked.ok) {
      const { problem } = checked;
      this.#report({ kind: "rejected", status: 403, problem });
      rejectUpgrade(socket, { status: 403, body: JSON.stringify({ message: problem }) });
    } else if (this.#closed) {
      rejectUpgrade(socket, SERVICE_UNAVAILABLE);
    } else {
      // The first one rejects the path of another.
      (stageOf(stages, request) ?? stages[0]).upgrade(request, socket, head);
    }
  }

  /** Answers a request. An error of the gateway's own is reported, and answered with 500 where it still can be. */
  async #serve(stages: Stages, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(stages, request, response);
    } catch (error) {
      this.#report({ kind: "error", error });
      if (response.headersSent) {
        response.destroy();
      } else {
        sendAnswer(response, INTERNAL_SERVER_ERROR);
      }
    }
  }

  async #answer(stages: Stages, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { lambdaApi, staticFiles } = this.#options;
    const signed = !this.#isForFile(stages, request);
    const onRejected = (problem: string) =>
      this.#report({ kind: "rejected", status: 403, problem });
    if (this.#crossOrigin.answer(request, response, { signed, onRejected })) {
      return;
    }
    if (lambdaApi?.serves(request.url ?? "")) {
      await lambdaApi.answer(request, response);
      return;
    }
    await answerRequest(request, response, {
      stage: stageOf(stages, request),
      stageNames: stages.map(({ name }) => name),
      staticFiles,
      report: (observation) => this.#report(observation),
    });
  }

  /** Browsers read the files of a page, too, and some with an `Origin`. */
  #isForFile(stages: Stages, { method = "", url = "" }: IncomingMessage): boolean {
    const { staticFiles, lambdaApi } = this.#options;
    const isApi = stages.some(({ name }) => url.startsWith(`/${name}/`)) || lambdaApi?.serves(url);
    return staticFiles !== undefined && /^(GET|HEAD)$/.test(method) && !isApi;
  }

  #report(observation: Observation): void {
    // Messages that a stop cut off fail by the thousand, and their answers reach no client any more.
    if (observation.kind !== "message" || !this.#stopped) {
      this.#options.report(observation);
    }
  }
}

/** The stage in a request's path; undefined when it is not the path of one. */
function stageOf(stages: Stages, { url = "" }: IncomingMessage): ApiStage | undefined {
  const path = requestPath(url);
  return stages.find(({ name }) => readManagementPath(path, name).route !== undefined);
}
