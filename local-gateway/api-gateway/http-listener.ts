import { createServer, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { listenFailure } from "../http.ts";

/** An HTTP server that listens, and the sockets that it holds. */
export interface HttpListener {
  readonly server: Server;
  readonly port: number;
  /** Stops listening and destroys every socket, upgraded ones too. */
  close(): Promise<void>;
}

/** Where to listen. */
interface HttpListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Seconds for a client to send a request's headers, counted from when it connects. */
  readonly headersTimeout: number;
  /** Told when a connection could not be accepted, for want of file descriptors for example. */
  readonly onError: (error: unknown) => void;
}

/** Connections that may wait to be accepted: when they are more, as after a restart, the system drops some. */
const BACKLOG = 4_096;

/** Time for a client to send a whole request, in milliseconds. */
const REQUEST_TIMEOUT = 30_000;
/** How often the server looks for requests that come too slowly, in milliseconds. */
const CHECKING_INTERVAL = 1_000;

/** Longer than the SDKs keep their unused connections, so that none is closed under a call; in milliseconds. */
const KEEP_ALIVE_TIMEOUT = 60_000;

const ADVICE = "Choose another one with --port; --port 0 takes any that is free.";

const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Listens for HTTP on a port of its own choice when `port` is 0. What is not HTTP, or comes too slowly, is answered
 * with a status and no word about this machine. Only an upgrade to WebSocket counts as one: other protocols that a
 * client offers, HTTP/2 for example, are ignored as RFC 9110 allows.
 *
 * Throws when the port is in use or the host is not this machine's; `cause` has the system's error.
 */
export async function listenHttp({
  host,
  port,
  headersTimeout,
  onError,
}: HttpListenerOptions): Promise<HttpListener> {
  const headersLimit = headersTimeout * 1000;
  const server = createServer({
    headersTimeout: headersLimit,
    requestTimeout: REQUEST_TIMEOUT,
    connectionsCheckingInterval: Math.min(headersLimit, CHECKING_INTERVAL),
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === "websocket",
  });
  const sockets = new Set<Duplex>();
  // The same function for all sockets: there may be very many of them.
  function forget(this: Duplex): void {
    sockets.delete(this);
  }
  server.on("connection", (socket) => {
    sockets.add(socket);
    // Until someone else listens to an upgraded socket, its error would end the process.
    socket.on("error", ignoreLostSocket);
    socket.on("close", forget);
  });
  server.on("clientError", rejectBrokenRequest);
  await listen(server, host, port);
  server.on("error", onError);
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onError = (cause: Error) => {
      reject(listenFailure({ what: "The API", host, port, advice: ADVICE }, cause));
    };
    server.once("error", onError);
    server.listen(port, host, BACKLOG, () => {
      server.off("error", onError);
      resolve();
    });
  });
}

/** A lost socket is noticed where it is used. */
function ignoreLostSocket(): void {}

function rejectBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_ERROR[error.code ?? ""] ?? 400;
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
