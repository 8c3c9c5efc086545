import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { LocalGatewayError } from "../errors.ts";
import { listenFailure } from "../http.ts";
import { rejectUpgrade, SERVICE_UNAVAILABLE, sendAnswer } from "./http-answers.ts";

/** What requests are passed to. */
interface HttpHandlers {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** An HTTP server that listens. It answers everything with 503 until `serve`. */
export interface HttpListener {
  /** As it was chosen, for example `0.0.0.0`. */
  readonly host: string;
  readonly port: number;
  /** Passes requests on from now on. */
  serve(handlers: HttpHandlers): void;
  /** Stops listening and destroys every socket, upgraded ones too. Twice is not an error. */
  close(): Promise<void>;
}

/** Where to listen. */
export interface HttpListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Seconds for a client to send a request's headers, counted from when it connects; 10 when absent. */
  readonly headersTimeout?: number | undefined;
  /** Called when a connection could not be accepted, for want of file descriptors for example. */
  readonly onError: (error: unknown) => void;
}

/** Connections that may wait to be accepted: when they are more, as after a restart, the system drops some. */
const BACKLOG = 4_096;

/** Our own choice, in seconds. */
const HEADERS_TIMEOUT = 10;

/** Time for a client to send a whole request, in milliseconds. */
const REQUEST_TIMEOUT = 30_000;
/** How often the server looks for requests that come too slowly, in milliseconds. */
const CHECKING_INTERVAL = 1_000;

/** Longer than the SDKs keep their unused connections, so that none is closed during a call; in milliseconds. */
const KEEP_ALIVE_TIMEOUT = 60_000;

const ADVICE = "Choose another one with --port; --port 0 takes any that is free.";

const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Listens for HTTP on a port of its own choice when `port` is 0. What is not HTTP, or comes too slowly, is answered
 * with a status and nothing about this machine. Only an upgrade to WebSocket counts as one: other protocols that a
 * client offers, HTTP/2 for example, are ignored as RFC 9110 allows.
 *
 * Throws a LocalGatewayError when the port is in use or the host is not this machine's.
 */
export async function listenHttp({
  host,
  port,
  headersTimeout = HEADERS_TIMEOUT,
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
    // Without a listener of its own, the error of an upgraded socket would end the process.
    socket.on("error", ignoreLostSocket);
    socket.on("close", forget);
  });
  server.on("clientError", rejectBrokenRequest);
  let handlers: HttpHandlers = {
    request: (_request, response) => sendAnswer(response, SERVICE_UNAVAILABLE),
    upgrade: (_request, socket) => rejectUpgrade(socket, SERVICE_UNAVAILABLE),
  };
  server.on("request", (...request) => handlers.request(...request));
  server.on("upgrade", (...upgrade) => handlers.upgrade(...upgrade));
  await listen(server, host, port);
  server.on("error", onError);
  return {
    host,
    port: (server.address() as AddressInfo).port,
    serve: (chosen) => {
      handlers = chosen;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}

/** The highest port there is. */
const LAST_PORT = 65_535;

/** Listens on the first free port from this one on; on any when there is none, or when `first` is 0. Throws as listenHttp. */
export async function listenFrom(
  first: number,
  options: Omit<HttpListenerOptions, "port">,
): Promise<HttpListener> {
  let port = first;
  while (port > 0 && port <= LAST_PORT) {
    try {
      return await listenHttp({ ...options, port });
    } catch (error) {
      if (!(error instanceof LocalGatewayError && error.code === "PORT_IN_USE")) {
        throw error;
      }
      port += 1;
    }
  }
  return await listenHttp({ ...options, port: 0 });
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
