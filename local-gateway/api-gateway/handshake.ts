import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import { createId } from "../ids.ts";
import { admit } from "./accept.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import type { GatewayContext } from "./context.ts";
import { disconnect } from "./disconnect.ts";
import { clientDisconnectCause } from "./follow-client.ts";
import { answerIds, errorFrame } from "./messages.ts";
import { withDeflate } from "./permessage-deflate.ts";
import { QUOTAS } from "./quotas.ts";

/** A well-formed upgrade request, and the socket it came on. */
interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
}

/**
 * Holds an upgrade until it is known whether the client may connect, then completes or rejects it. `onOpen` gets the
 * connection with what the authorizer said. A client that was let in, but went away meanwhile, gets its `$disconnect`.
 * The body of a rejection is our own choice: clients hide it, and no source has AWS's.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export async function handshake(
  context: GatewayContext,
  details: ConnectionDetails,
  upgrade: Upgrade,
  webSockets: WebSocketServer,
  onOpen: (webSocket: WebSocket, details: ConnectionDetails) => void,
): Promise<void> {
  const requestId = createId();
  const { connectionId } = details;
  const { request } = upgrade;
  const receivedAt = Date.now();
  const admission = await admit(context, { details, request, requestId, receivedAt });
  if ("problem" in admission) {
    const { status, problem } = admission;
    const message = STATUS_CODES[status] ?? "Rejected";
    rejectUpgrade(upgrade.socket, status, errorFrame(message, connectionId, requestId));
    context.report({ kind: "rejected", connectionId, status, problem });
    return;
  }
  context.report({ kind: "connected", connectionId, duration: Date.now() - details.connectedAt });
  const webSocket = complete(webSockets, upgrade, admission.subprotocol);
  if (webSocket) {
    onOpen(webSocket, admission.details);
  } else {
    await disconnect(context, admission.details, clientDisconnectCause(1006, ""));
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

/** Why an upgrade is rejected before any function has run. */
interface Rejection {
  readonly status: 400 | 403 | 414;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the console. */
  readonly problem: string;
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Checks the upgrade request of a client, before `$connect`: its URL's length and path, then the WebSocket handshake.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1
 */
export function upgradeRejection(request: IncomingMessage, stage: string): Rejection | undefined {
  const url = request.url ?? "";
  if (url.length > QUOTAS.urlLength) {
    return {
      status: 414,
      message: "Request-URI Too Long",
      headers: {},
      problem: `a URL of ${url.length} characters; API Gateway accepts ${QUOTAS.urlLength}`,
    };
  }
  const path = requestPath(url);
  if (path !== `/${stage}` && path !== `/${stage}/`) {
    return {
      status: 403,
      message: "Forbidden",
      headers: { "x-amzn-errortype": "ForbiddenException" },
      problem: `not the path of the stage, /${stage}`,
    };
  }
  const problem = handshakeProblem(request);
  const headers = { "Sec-WebSocket-Version": "13" };
  return problem === undefined
    ? undefined
    : { status: 400, message: "Bad Request", headers, problem };
}

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

/** Answers an upgrade request with an HTTP status and a JSON text instead of 101, and ends the socket. */
export function rejectUpgrade(
  socket: Duplex,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const lines = Object.entries({
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
    ...answerIds(),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Rejected"}\r\n${lines.join("")}\r\n${body}`,
  );
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
