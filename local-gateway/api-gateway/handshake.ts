import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import { admit } from "./admit.ts";
import { clientDisconnectCause } from "./client-disconnect-cause.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import { createId } from "./create-id.ts";
import { disconnect } from "./disconnect.ts";
import { errorFrame } from "./error-frame.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { withDeflate } from "./permessage-deflate.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";

/** A well-formed upgrade request, and the socket it came on. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
}

/**
 * Holds an upgrade until it is known whether the client may connect, then completes or refuses it. `onOpen` gets the
 * connection with what the authorizer said. A client that was let in, but went away meanwhile, gets its `$disconnect`.
 * The body of a refusal is our own choice: clients hide it, and no source has AWS's.
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
    const message = STATUS_CODES[status] ?? "Refused";
    refuseUpgrade(upgrade.socket, status, errorFrame(message, connectionId, requestId));
    context.report({ kind: "refused", connectionId, status, problem });
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
