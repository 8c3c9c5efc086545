import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { createId } from "../ids.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import type { GatewayContext } from "./context.ts";
import { handshake, rejectUpgrade, upgradeRejection } from "./handshake.ts";
import { createConnectionListener } from "./messages.ts";
import { QUOTAS } from "./quotas.ts";

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

/** The upgrade requests of one gateway. */
export class Upgrades {
  readonly #context: GatewayContext;
  readonly #listener: ConnectionListener;
  readonly #held = new Set<Duplex>();
  readonly #webSockets = new WebSocketServer(WEB_SOCKET_OPTIONS);

  /** Throws when the API's route selection expression cannot be read. */
  constructor(context: GatewayContext) {
    this.#context = context;
    this.#listener = createConnectionListener(context);
  }

  /** Takes an upgrade request, and holds it while its `$connect` runs. Nothing that the client does to it throws. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const rejection = upgradeRejection(request, this.#context.api.stage);
    if (rejection) {
      const { status, message, problem } = rejection;
      rejectUpgrade(socket, status, JSON.stringify({ message }), rejection.headers);
      this.#context.report({ kind: "rejected", status, problem });
      return;
    }
    const details = createConnectionDetails(this.#context, request);
    const shaken = handshake(
      this.#context,
      details,
      { request, socket, head },
      this.#webSockets,
      (webSocket, admitted) => {
        const connection = new Connection(
          admitted,
          webSocket,
          this.#context.limits,
          this.#listener,
        );
        this.#context.connections.add(connection);
        connection.listen(socket);
      },
    );
    this.#held.add(socket);
    this.#context.pending.add(shaken.finally(() => this.#held.delete(socket)));
  }

  /** Ends the upgrades that are held, because the gateway stops. Their `$connect` may run on. */
  rejectHeld(): void {
    for (const socket of this.#held) {
      rejectUpgrade(socket, 503, JSON.stringify({ message: "Service Unavailable" }));
    }
  }
}

/** An IPv4 address as a socket writes it that listens on IPv6 too. */
const MAPPED_IPV4 = /^::ffff:/;

/** The details of a connection that begins now, with this upgrade request. */
function createConnectionDetails(
  { api, domainName }: GatewayContext,
  { headers, socket }: IncomingMessage,
): ConnectionDetails {
  const userAgent = headers["user-agent"];
  return {
    connectionId: createId(),
    connectedAt: Date.now(),
    sourceIp: (socket.remoteAddress ?? "").replace(MAPPED_IPV4, ""),
    ...(userAgent !== undefined && { userAgent }),
    apiId: api.apiId,
    stage: api.stage,
    domainName,
    ...(api.stageVariables && { stageVariables: api.stageVariables }),
  };
}
