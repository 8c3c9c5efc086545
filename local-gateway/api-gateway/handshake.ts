import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import { callRoute } from "./call-route.ts";
import { clientDisconnectCause } from "./client-disconnect-cause.ts";
import { type ConnectAnswer, connectAnswer } from "./connect-answer.ts";
import { connectEvent } from "./connect-event.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import { createId } from "./create-id.ts";
import { disconnect } from "./disconnect.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";

/** A well-formed upgrade request, and the socket it came on. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
}

/**
 * Holds an upgrade until `$connect` is through, then completes or refuses it. Without a `$connect` route, or without
 * an integration behind it, every client is let in. A client that went away meanwhile, and that `$connect` accepted,
 * gets its `$disconnect`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export async function handshake(
  context: GatewayContext,
  details: ConnectionDetails,
  upgrade: Upgrade,
  webSockets: WebSocketServer,
  onOpen: (webSocket: WebSocket) => void,
): Promise<void> {
  const requestId = createId();
  const { connectionId } = details;
  const event = connectEvent(details, upgrade.request, requestId);
  const outcome = await callRoute(context, context.api.routes.get("$connect"), event);
  const answer: ConnectAnswer = outcome ? connectAnswer(outcome) : { status: 101 };
  if ("problem" in answer) {
    const { status, problem } = answer;
    const message = STATUS_CODES[status] ?? "Refused";
    refuseUpgrade(upgrade.socket, status, JSON.stringify({ message, connectionId, requestId }));
    context.report({ kind: "refused", connectionId, status, problem });
    return;
  }
  context.report({ kind: "connected", connectionId, duration: Date.now() - details.connectedAt });
  const webSocket = complete(webSockets, upgrade, answer.subprotocol);
  if (webSocket) {
    onOpen(webSocket);
  } else {
    await disconnect(context, details, clientDisconnectCause(1006, ""));
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
  webSockets.handleUpgrade(request, socket, head, (webSocket) => {
    opened = webSocket;
  });
  webSockets.off("headers", addSubprotocol);
  return opened;
}
