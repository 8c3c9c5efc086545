import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { PendingWork } from "../deadline.ts";
import { createId } from "../ids.ts";
import type { Observation } from "../observation.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import type { ConnectDecision, ConnectRoute } from "./connect-route.ts";
import { clientDisconnectCause } from "./connection.ts";
import {
  type ConnectionDetails,
  type ConnectRequest,
  clientOf,
  createConnectionDetails,
} from "./connection-details.ts";
import type { DisconnectRoute } from "./disconnect-route.ts";
import { FORBIDDEN, type HttpAnswer, rejectUpgrade, SERVICE_UNAVAILABLE } from "./http-answers.ts";
import { errorFrame } from "./messages.ts";
import { withDeflate } from "./permessage-deflate.ts";
import { QUOTAS } from "./quotas.ts";

/** What the upgrade requests of one API need, at one of its stages. */
interface UpgradesOptions {
  readonly api: WebSocketApi;
  /** Of all stages on the port. */
  readonly stageNames: readonly string[];
  /** The host name that the API would have on AWS. */
  readonly domainName: string;
  readonly connectRoute: ConnectRoute;
  readonly disconnectRoute: DisconnectRoute;
  /** Takes the handshakes that are under way. */
  readonly pending: PendingWork;
  readonly report: (observation: Observation) => void;
  /** Takes a connection that has just opened, with what its authorizer said. */
  readonly onOpen: (details: ConnectionDetails, opened: OpenedWebSocket) => void;
}

/** A WebSocket and the socket below it. */
interface OpenedWebSocket {
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
}

/** A well-formed upgrade request, and the socket it came on. */
interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
}

/** How long a client may take for its part of a close before its socket is destroyed, in milliseconds. */
const CLOSE_TIMEOUT = 2_000;

/** Bytes that a client's text is inflated by at a time. */
const INFLATED_CHUNK = 4_096;

// A constant of its own because the type declarations of ws lack closeTimeout.
const WEB_SOCKET_OPTIONS = {
  noServer: true,
  clientTracking: false,
  maxPayload: QUOTAS.messageSize,
  // Its inflaters live as long as their connections, each with a buffer of this size.
  perMessageDeflate: { zlibInflateOptions: { chunkSize: INFLATED_CHUNK } },
  // Answered by the connection, which knows how much waits for its client.
  autoPong: false,
  closeTimeout: CLOSE_TIMEOUT,
  // The function chooses the subprotocol, never the library.
  handleProtocols: () => false as const,
};

/** The upgrade requests of one API at one of its stages. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  /** The sockets whose `$connect` runs. */
  readonly #waiting = new Set<Duplex>();
  readonly #webSockets = new WebSocketServer(WEB_SOCKET_OPTIONS);

  constructor(options: UpgradesOptions) {
    this.#options = options;
  }

  /** Answers an upgrade request, once its `$connect` has run. Nothing that the client does meanwhile throws. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { api, stageNames, domainName, pending, report } = this.#options;
    const checked = checkUpgrade(request, api.stage, stageNames);
    if (!checked.ok) {
      const { answer, headers, problem } = checked;
      rejectUpgrade(socket, answer, headers);
      report({ kind: "rejected", status: answer.status, problem });
      return;
    }
    const details = createConnectionDetails(api, domainName, request);
    this.#waiting.add(socket);
    pending.add(
      this.#handshake(details, { request, socket, head }).finally(() =>
        this.#waiting.delete(socket),
      ),
    );
  }

  /** Ends the upgrades that wait for their `$connect`, because the gateway stops. Their functions may run on. */
  rejectWaiting(): void {
    for (const socket of this.#waiting) {
      rejectUpgrade(socket, SERVICE_UNAVAILABLE);
    }
  }

  /**
   * Lets an upgrade wait until it is known whether the client may connect, then completes or rejects it. A client that was
   * accepted, but went away meanwhile, gets its `$disconnect`. The body of a rejection is our own choice: clients hide it,
   * and no source has AWS's.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
   */
  async #handshake(details: ConnectionDetails, upgrade: Upgrade): Promise<void> {
    const { disconnectRoute, report, onOpen } = this.#options;
    const { connectionId } = details;
    const { request, socket } = upgrade;
    const requestId = createId();
    const decision = await this.#decide({ details, request, requestId, receivedAt: Date.now() });
    if (!decision.ok) {
      const { status, problem } = decision;
      const message = STATUS_CODES[status] ?? "Rejected";
      rejectUpgrade(socket, { status, body: errorFrame(message, connectionId, requestId) });
      report({ kind: "rejected", connectionId, requestId, status, problem });
      return;
    }
    report({
      kind: "connected",
      connectionId,
      requestId,
      duration: Date.now() - details.connectedAt,
      client: clientOf(decision.details),
      port: request.socket.remotePort,
    });
    const webSocket = complete(this.#webSockets, upgrade, decision.subprotocol);
    if (webSocket) {
      onOpen(decision.details, { webSocket, socket });
    } else {
      await disconnectRoute.run(decision.details, clientDisconnectCause(1006, ""));
    }
  }

  /** An error of the gateway's own is reported, and rejects the upgrade with 500. */
  async #decide(connect: ConnectRequest): Promise<ConnectDecision> {
    const { connectRoute, report } = this.#options;
    try {
      return await connectRoute.run(connect);
    } catch (error) {
      report({ kind: "error", error });
      return { ok: false, status: 500, problem: "the gateway failed" };
    }
  }
}

/** Sends the 101. Undefined when the client has gone. */
function complete(
  webSockets: WebSocketServer,
  { request, socket, head }: Upgrade,
  subprotocol: string | undefined,
): WebSocket | undefined {
  let opened: WebSocket | undefined;
  const addSubprotocol = (headers: string[]) => {
    if (subprotocol !== undefined) {
      headers.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
    }
  };
  webSockets.once("headers", addSubprotocol);
  withDeflate(webSockets, request, () =>
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      opened = webSocket;
    }),
  );
  webSockets.off("headers", addSubprotocol);
  return opened;
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether an upgrade request is a valid handshake with the stage. */
type CheckedUpgrade =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly answer: HttpAnswer;
      readonly headers?: Readonly<Record<string, string>>;
      /** For the console. */
      readonly problem: string;
    };

/**
 * Checks the upgrade request of a client, before `$connect`: its URL's length and path, then the WebSocket handshake.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1
 */
function checkUpgrade(
  request: IncomingMessage,
  stage: string,
  stageNames: readonly string[],
): CheckedUpgrade {
  const url = request.url ?? "";
  if (url.length > QUOTAS.urlLength) {
    const problem = `a URL of ${url.length} characters; API Gateway accepts ${QUOTAS.urlLength}`;
    const answer = { status: 414, body: '{"message":"Request-URI Too Long"}' };
    return { ok: false, answer, problem };
  }
  const path = requestPath(url);
  if (path !== `/${stage}` && path !== `/${stage}/`) {
    const paths = stageNames.map((name) => `/${name}`).join(" or ");
    return { ok: false, answer: FORBIDDEN, problem: `not the path of the stage, ${paths}` };
  }
  const problem = handshakeProblem(request);
  if (problem === undefined) {
    return { ok: true };
  }
  const answer = { status: 400, body: '{"message":"Bad Request"}' };
  return { ok: false, answer, headers: { "Sec-WebSocket-Version": "13" }, problem };
}

/** The first rule of the handshake that a request breaks; undefined when it breaks none. */
function handshakeProblem({ method, headers }: IncomingMessage): string | undefined {
  if (method !== "GET") {
    return "an upgrade whose method is not GET";
  }
  if (headers["sec-websocket-version"] !== "13") {
    return "Sec-WebSocket-Version is not 13";
  }
  if (!KEY.test(headers["sec-websocket-key"] ?? "")) {
    return "Sec-WebSocket-Key is not 16 bytes";
  }
  const subprotocols = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim());
  if (!subprotocols) {
    return;
  }
  const wellFormed = subprotocols.every((name) => TOKEN.test(name));
  const unique = new Set(subprotocols).size === subprotocols.length;
  return wellFormed && unique ? undefined : "Sec-WebSocket-Protocol is not a list of unique names";
}

/**
 * The path of a request target, without the query. The stage `$default` may come percent-encoded, as some clients and
 * SDKs send it: here it is always written plainly.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export function requestPath(url: string): string {
  const [path = ""] = url.split("?", 1);
  return path.replace(/^\/%24default(?=\/|$)/, "/$$default");
}
