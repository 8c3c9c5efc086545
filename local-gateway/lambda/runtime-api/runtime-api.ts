import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CrossOriginProtection } from "../../cross-origin-protection.ts";
import { readRequestBody } from "../../http.ts";
import { type InvokeMessage, MAX_PAYLOAD_BYTES, type RuntimeMessage } from "../runtime/messages.ts";
import { readPostedError } from "./posted-error.ts";

/** An event with what its runtime learns about it. */
export interface RuntimeEvent extends InvokeMessage {
  readonly functionArn: string;
}

/** What a runtime does through the API. */
export type RuntimeApiMessage = Extract<
  RuntimeMessage,
  { type: "ready" | "returned" | "too large" | "failed" | "crashed" }
>;

const HOST = "127.0.0.1";
const BASE = "/2018-06-01/runtime/";
const OF_AN_INVOCATION = /^invocation\/(?<requestId>[^/]+)\/(?<what>response|error)$/;

/** A browser says in these that a web page sends the request. No runtime has them. */
const HEADERS_OF_A_PAGE = ["origin", "sec-fetch-site"];

/**
 * Lambda's Runtime API for one execution environment. The process of the environment asks for an event, posts the result,
 * and asks for the next one.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #server: Server;
  readonly #onMessage: (message: RuntimeApiMessage) => void;
  readonly #protection = new CrossOriginProtection();
  /** The request for the next event, while there is none. */
  #asking: ServerResponse | undefined;
  /** What waits for such a request. */
  #event: RuntimeEvent | undefined;
  /** The id of the event whose result is awaited. */
  #running: string | undefined;
  #initialized = false;
  #idle = Promise.withResolvers<void>();

  private constructor(server: Server, onMessage: (message: RuntimeApiMessage) => void) {
    this.#server = server;
    this.#onMessage = onMessage;
  }

  /**
   * Listens on a free port of the loopback interface. `onMessage` receives `ready` once the runtime asks for its first
   * event. Rejects with the system's error when it cannot listen.
   */
  static async listen(onMessage: (message: RuntimeApiMessage) => void): Promise<RuntimeApi> {
    // A function may take longer for an event than Node waits for a request, or keeps an unused connection.
    const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0, headersTimeout: 0 });
    const api = new RuntimeApi(server, onMessage);
    server.on("request", (request, response) => void api.#answer(request, response));
    server.listen(0, HOST);
    await once(server, "listening");
    // A connection that cannot be accepted, without file descriptors, is tried again by the runtime or times out.
    server.on("error", () => {});
    return api;
  }

  /** Host and port, as in `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    return `${HOST}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves once the runtime asks for an event. */
  get idle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Gives the runtime an event, as soon as it asks for one. Not to be called while it has one. */
  invoke(event: RuntimeEvent): void {
    this.#event = event;
    this.#deliver();
  }

  /** Ends every request. Calling it twice is safe. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "", headers } = request;
    const isFromPage = HEADERS_OF_A_PAGE.some((name) => headers[name] !== undefined);
    if (isFromPage || !this.#protection.checkHost(request).ok) {
      reject(response, 403, "Forbidden", "A web page may not call this API");
      return;
    }
    const path = url.startsWith(BASE) ? url.slice(BASE.length) : "";
    const { requestId, what } = OF_AN_INVOCATION.exec(path)?.groups ?? {};
    if (method === "GET" && path === "invocation/next") {
      this.#next(response);
    } else if (method === "POST" && path === "init/error") {
      await this.#failInit(request, response);
    } else if (method === "POST" && requestId !== undefined) {
      await this.#settle(requestId, what === "error", request, response);
    } else {
      reject(response, 404, "NotFound", "The Runtime API has no such path");
    }
  }

  #next(response: ServerResponse): void {
    if (this.#running !== undefined || this.#asking !== undefined) {
      const problem = "The runtime asks for an event before it has answered the last one";
      reject(response, 403, "InvalidStateTransition", problem);
      return;
    }
    this.#asking = response;
    response.on("close", () => {
      if (this.#asking === response) {
        this.#asking = undefined;
      }
    });
    if (!this.#initialized) {
      this.#initialized = true;
      this.#onMessage({ type: "ready" });
    }
    this.#idle.resolve();
    this.#deliver();
  }

  #deliver(): void {
    const [response, event] = [this.#asking, this.#event];
    if (response === undefined || event === undefined) {
      return;
    }
    this.#asking = undefined;
    this.#event = undefined;
    this.#idle = Promise.withResolvers();
    this.#running = event.requestId;
    send(response, 200, event.event, headersOf(event));
  }

  async #settle(
    requestId: string,
    isError: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const read = await readRequestBody(request, MAX_PAYLOAD_BYTES);
    if (requestId !== this.#running) {
      reject(response, 400, "InvalidRequestID", "Invalid request ID");
    } else if (read.kind === "complete" && isError) {
      this.#finish(response, { type: "failed", ...readPostedError(read.body, request.headers) });
    } else if (read.kind === "complete") {
      // Nothing at all is a result too: API Gateway needs none for most routes.
      const payload = read.body.toString() || "null";
      this.#finish(response, { type: "returned", payload });
    } else if (read.kind === "too large") {
      this.#running = undefined;
      const limit = `Exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
      reject(response, 413, "RequestEntityTooLarge", limit);
      this.#onMessage({ type: "too large", size: read.size });
    }
  }

  async #failInit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = await readRequestBody(request, MAX_PAYLOAD_BYTES);
    if (this.#initialized) {
      const problem = "The runtime has asked for an event already";
      reject(response, 403, "InvalidStateTransition", problem);
    } else {
      this.#initialized = true;
      const body = read.kind === "complete" ? read.body : Buffer.alloc(0);
      this.#finish(response, { type: "crashed", ...readPostedError(body, request.headers) });
    }
  }

  #finish(response: ServerResponse, message: RuntimeApiMessage): void {
    this.#running = undefined;
    send(response, 202, JSON.stringify({ status: "OK" }));
    this.#onMessage(message);
  }
}

/** The context of an event; what HTTP does not allow in a header is escaped as in JSON. */
function headersOf({ requestId, traceId, deadline, functionArn, context }: RuntimeEvent) {
  const { clientContext, invokedFunctionArn = functionArn } = context;
  return {
    "lambda-runtime-aws-request-id": requestId,
    "lambda-runtime-deadline-ms": String(deadline),
    "lambda-runtime-invoked-function-arn": String(invokedFunctionArn),
    "lambda-runtime-trace-id": traceId,
    ...(clientContext !== undefined && {
      "lambda-runtime-client-context": asciiJson(clientContext),
    }),
  };
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function reject(
  response: ServerResponse,
  status: number,
  errorType: string,
  errorMessage: string,
): void {
  send(response, status, JSON.stringify({ errorMessage, errorType }));
}

/** Not in chunks: a bootstrap may have a simple HTTP client of its own. */
function send(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = Buffer.byteLength(json);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": length,
  });
  response.end(json);
}
