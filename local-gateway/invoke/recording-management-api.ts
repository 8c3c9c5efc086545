import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { unescape as decode } from "node:querystring";
import { buffer } from "node:stream/consumers";
import type { CrossOriginProtection } from "../cross-origin-protection.ts";
import type { ManagementAccess } from "../iam/management-access.ts";
import type { LambdaApi } from "../lambda-api/lambda-api.ts";

/** One call of the management API. */
export interface ManagementCall {
  /** For example `POST`. */
  readonly method: string;
  readonly connectionId: string;
  readonly body: string;
}

/** How a call is answered. */
export interface ManagementAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body?: string;
  /** The name that SDKs know an error by. */
  readonly errorType?: string;
}

/** What a RecordingManagementApi answers, and to whom. */
interface RecordingManagementApiOptions {
  readonly access: ManagementAccess;
  readonly crossOrigin: CrossOriginProtection;
  /** Lambda's own API, which is served on the same port. */
  readonly lambdaApi: LambdaApi;
  /** Takes each call that its caller may make, in the order in which they came; an empty 200 answers one without an answer. */
  readonly onCall: (call: ManagementCall) => ManagementAnswer | undefined;
  /** Takes why a call was rejected, in one sentence. */
  readonly onRejected: (problem: string) => void;
}

/** A management API without connections: it accepts every call that its caller may make, and passes it on. */
export class RecordingManagementApi {
  readonly #server: Server;
  readonly #options: RecordingManagementApiOptions;

  private constructor(options: RecordingManagementApiOptions) {
    this.#options = options;
    const { crossOrigin, lambdaApi, onRejected } = options;
    this.#server = createServer((request, response) => {
      if (crossOrigin.answer(request, response, { signed: true, onRejected })) {
        return;
      }
      const answered = lambdaApi.serves(request.url ?? "")
        ? lambdaApi.answer(request, response)
        : this.#answer(request, response);
      answered.catch((error: unknown) => {
        onRejected(`the call failed: ${error}`);
        response.destroy();
      });
    });
  }

  /** Starts one on a free port of this machine. */
  static async start(options: RecordingManagementApiOptions): Promise<RecordingManagementApi> {
    const api = new RecordingManagementApi(options);
    api.#server.listen(0, "127.0.0.1");
    await once(api.#server, "listening");
    return api;
  }

  /** Where it is, without a stage: `http://127.0.0.1:49152`. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access, onCall, onRejected } = this.#options;
    const { method = "", url = "", rawHeaders } = request;
    const [path = ""] = url.split("?", 1);
    const connectionId = decode(path.slice(path.lastIndexOf("/") + 1));
    const body = await receive(request);
    if (body === undefined) {
      return;
    }
    const decision = access.authorize({ method, url, rawHeaders, body }, connectionId);
    if (!decision.ok) {
      onRejected(decision.problem);
      response.setHeader("x-amzn-errortype", decision.errorType);
      response.writeHead(403, { "content-type": "application/json" }).end(decision.body);
      return;
    }
    const call = { method, connectionId, body: body.toString() };
    const { status, body: answer = "", errorType } = onCall(call) ?? { status: 200 };
    if (errorType !== undefined) {
      response.setHeader("x-amzn-errortype", errorType);
    }
    const headers = answer === "" ? {} : { "content-type": "application/json" };
    response.writeHead(status, headers).end(answer);
  }
}

/** The body of a request; undefined when the function has aborted its call. */
async function receive(request: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return await buffer(request);
  } catch {
    return undefined;
  }
}
