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
  /** POST, or what else there was. */
  readonly method: string;
  readonly connectionId: string;
  readonly body: string;
}

/** A management API without connections behind it: it accepts every call that may be made, and remembers it. */
export class RecordingManagementApi {
  /** In the order in which they came. */
  readonly calls: ManagementCall[] = [];
  /** Why calls were rejected, in the order in which they came. */
  readonly rejections: string[] = [];
  readonly #server: Server;
  readonly #access: ManagementAccess;
  #lambdaApi: LambdaApi | undefined;

  private constructor(access: ManagementAccess, crossOrigin: CrossOriginProtection) {
    this.#access = access;
    const onRejected = (problem: string) => this.rejections.push(problem);
    this.#server = createServer((request, response) => {
      if (crossOrigin.answer(request, response, { signed: true, onRejected })) {
        return;
      }
      const answered = this.#lambdaApi?.serves(request.url ?? "")
        ? this.#lambdaApi.answer(request, response)
        : this.#answer(request, response);
      // A call that its function gave up was none.
      answered.catch(() => {});
    });
  }

  /** Starts one on a free port of this machine. */
  static async start(
    access: ManagementAccess,
    crossOrigin: CrossOriginProtection,
  ): Promise<RecordingManagementApi> {
    const api = new RecordingManagementApi(access, crossOrigin);
    api.#server.listen(0, "127.0.0.1");
    await once(api.#server, "listening");
    return api;
  }

  /** Where it is, without a stage: `http://127.0.0.1:49152`. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Answers the calls of Lambda's own API, too. */
  serve(lambdaApi: LambdaApi): void {
    this.#lambdaApi = lambdaApi;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", rawHeaders } = request;
    const [path = ""] = url.split("?", 1);
    const connectionId = decode(path.slice(path.lastIndexOf("/") + 1));
    const body = await buffer(request);
    const access = this.#access.authorize({ method, url, rawHeaders, body }, connectionId);
    if (!access.ok) {
      this.rejections.push(access.problem);
      response.setHeader("x-amzn-errortype", access.errorType);
      response.writeHead(403, { "content-type": "application/json" }).end(access.body);
      return;
    }
    this.calls.push({ method, connectionId, body: body.toString() });
    response.end();
  }
}
