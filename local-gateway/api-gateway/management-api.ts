import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Faults } from "../faults/faults.ts";
import { readRequestBody, traceHeader } from "../http.ts";
import type { ManagementAccess } from "../iam/management-access.ts";
import type { Observation } from "../observation.ts";
import type { Connections } from "./connections.ts";
import { type HttpAnswer, INTERNAL_SERVER_ERROR, sendAnswer } from "./http-answers.ts";
import { addressProblem, type ManagementPath } from "./management-path.ts";
import { QUOTAS } from "./quotas.ts";

/** What the management API of one stage needs. */
interface ManagementApiOptions {
  readonly stage: string;
  readonly access: ManagementAccess;
  readonly connections: Connections;
  readonly faults: Faults;
  readonly report: (observation: Observation) => void;
}

/**
 * What became of a call.
 *
 * - `answered`: by the rules of the connection.
 * - `rejected`: the call itself was; `problem` says why, for the console.
 * - `not sent`: a fault alone made the answer.
 * - `answer lost`: a fault; the call was carried out, but its answer must not be sent.
 */
type Answered =
  | { readonly kind: "answered" | "not sent" | "answer lost"; readonly answer: HttpAnswer }
  | { readonly kind: "rejected"; readonly answer: HttpAnswer; readonly problem: string };

/** What was posted, as far as it is reported. */
interface Posted {
  readonly size: number;
  readonly body?: string;
}

/**
 * Bytes that API Gateway reads of any request. A signature is over the whole body, so also what is too large for a
 * message is read to decide whether the call may be made at all.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const MAX_PAYLOAD = 10 * 1024 * 1024;

/**
 * The answer about a connection that is not reachable: closed, unknown or still in its `$connect`. Without a body.
 *
 * @see https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const GONE: HttpAnswer = { status: 410, errorType: "GoneException" };

const TOO_LARGE = errorAnswer(
  413,
  "PayloadTooLargeException",
  `A message may have ${QUOTAS.messageSize} bytes`,
);

/**
 * The management API of one stage: POST sends to a connection, GET describes it, DELETE closes it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export class ManagementApi {
  readonly #options: ManagementApiOptions;

  constructor(options: ManagementApiOptions) {
    this.#options = options;
  }

  /** Answers a call, and reports it; does neither when the caller goes away before all of it has arrived. */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    path: ManagementPath,
  ): Promise<void> {
    const read = await readRequestBody(request, MAX_PAYLOAD);
    if (read.kind === "aborted") {
      return;
    }
    const answered: Answered & { readonly posted?: Posted } =
      read.kind === "too large"
        ? { kind: "answered", answer: TOO_LARGE }
        : await this.#answer(request, path, read.body);
    this.#report(request, path, answered);
    if (answered.kind === "answer lost") {
      response.destroy();
    } else {
      sendAnswer(response, answered.answer);
    }
  }

  /**
   * Decides whether the call may be made before it says anything about the connection, or about a path below the stage that
   * is not the management API's. For that one AWS's sentence was recorded, the status was not.
   *
   * @see https://github.com/aws-samples/simple-websockets-chat-app/issues/40
   */
  async #answer(
    request: IncomingMessage,
    { route = "", connection }: ManagementPath,
    body: Buffer,
  ): Promise<Answered & { readonly posted?: Posted }> {
    const { stage, access } = this.#options;
    const { method = "", url = "", rawHeaders } = request;
    const call = isOperation(method) ? connection : undefined;
    const wrongAddress = () => addressProblem(url.split("?", 1)[0] ?? "", [stage]);
    const authorized = access.authorize({ method, url, rawHeaders, body }, call?.connectionId);
    if (!authorized.ok) {
      const answer = { status: 403, errorType: authorized.errorType, body: authorized.body };
      const problem = call ? authorized.problem : `${wrongAddress()}; ${authorized.problem}`;
      return { kind: "rejected", answer, problem };
    }
    if (!call || !isOperation(method)) {
      const message = `No method found matching route ${route} for http method ${method}.`;
      const answer = errorAnswer(404, "NotFoundException", message);
      return { kind: "rejected", answer, problem: wrongAddress() };
    }
    const { connectionId, wellFormed } = call;
    if (!wellFormed) {
      const message = `Invalid connectionId: ${connectionId}`;
      return { kind: "answered", answer: errorAnswer(400, "BadRequestException", message) };
    }
    if (body.length > QUOTAS.messageSize) {
      return { kind: "answered", answer: TOO_LARGE };
    }
    const posted = { size: body.length, body: body.toString() };
    return { ...(await this.#operate(method, connectionId, body)), posted };
  }

  async #operate(method: Operation, connectionId: string, body: Buffer): Promise<Answered> {
    const { connections, faults } = this.#options;
    switch (method) {
      case "POST":
        return await postDespiteFaults(faults, connections, connectionId, body);
      case "GET":
        return { kind: "answered", answer: getConnection(connections, connectionId) };
      case "DELETE":
        return { kind: "answered", answer: deleteConnection(connections, connectionId) };
    }
  }

  #report(
    { method = "", headers }: IncomingMessage,
    { connection }: ManagementPath,
    answered: Answered & { readonly posted?: Posted },
  ): void {
    const { report } = this.#options;
    const { status } = answered.answer;
    const traceId = traceHeader(headers);
    const call = {
      method,
      connectionId: connection?.connectionId,
      status,
      ...(traceId !== undefined && { traceId }),
    };
    if (answered.kind === "rejected") {
      report({ kind: "management call rejected", ...call, problem: answered.problem });
    } else if (answered.kind !== "not sent") {
      report({ kind: "management call", ...call, ...(answered.posted ?? { size: 0 }) });
    }
  }
}

type Operation = "POST" | "GET" | "DELETE";

function isOperation(method: string): method is Operation {
  return method === "POST" || method === "GET" || method === "DELETE";
}

function errorAnswer(status: number, errorType: string, message: string): HttpAnswer {
  return { status, errorType, body: JSON.stringify({ message }) };
}

/**
 * Describes a connection; `userAgent` is null when the client sent none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
function getConnection(connections: Connections, connectionId: string): HttpAnswer {
  const connection = connections.reachable(connectionId);
  if (!connection) {
    return GONE;
  }
  const { connectedAt, sourceIp, userAgent = null } = connection.details;
  const body = JSON.stringify({
    identity: { sourceIp, userAgent },
    connectedAt: new Date(connectedAt).toISOString(),
    lastActiveAt: new Date(connection.lastActiveAt).toISOString(),
  });
  return { status: 200, body };
}

/**
 * Begins to close a connection, with the code and reason that AWS chooses; a backend cannot choose others. Posts to it
 * are gone from now on, and its `$disconnect` runs once it is closed.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
function deleteConnection(connections: Connections, connectionId: string): HttpAnswer {
  const connection = connections.reachable(connectionId);
  if (!connection) {
    return GONE;
  }
  connection.close({
    code: 1000,
    reason: "Connection Closed Normally",
    explanation: "by the management API",
  });
  return { status: 204 };
}

/**
 * Sends bytes to a connection as one text message. 200 says that the gateway accepted it, not that the client has it; 429
 * that the client does not read and too much waits for it. What is not UTF-8 is replaced, for the client would have to
 * close on it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
function postToConnection(
  connections: Connections,
  connectionId: string,
  data: Buffer,
): HttpAnswer {
  const text = isUtf8(data) ? data : Buffer.from(data.toString());
  const sent = connections.reachable(connectionId)?.send(text) ?? "gone";
  if (sent === "gone") {
    return GONE;
  }
  if (sent === "accepted") {
    return { status: 200 };
  }
  const body = JSON.stringify({ message: "The client's buffer is full" });
  return { status: 429, errorType: "LimitExceededException", body };
}

const FAILURES = {
  postGone: GONE,
  postThrottled: {
    status: 429,
    errorType: "LimitExceededException",
    body: '{"message":"Too Many Requests"}',
  },
  postError: INTERNAL_SERVER_ERROR,
} as const satisfies Record<string, HttpAnswer>;

const FAULTS = ["postGone", "postThrottled", "postError", "cutPost", "slowPost"] as const;

/**
 * Sends bytes to a connection as `postToConnection` does, unless a fault is triggered: then nothing is sent, or the
 * message is sent and its answer is delayed or lost, as on a bad network.
 */
async function postDespiteFaults(
  faults: Faults,
  connections: Connections,
  connectionId: string,
  data: Buffer,
): Promise<Answered> {
  const fault = faults.trigger(FAULTS, { subject: "POST", connectionId });
  if (fault === "postGone" || fault === "postThrottled" || fault === "postError") {
    return { kind: "not sent", answer: FAILURES[fault] };
  }
  const answer = postToConnection(connections, connectionId, data);
  if (fault === "slowPost") {
    await faults.delay(fault);
  }
  return { kind: fault === "cutPost" ? "answer lost" : "answered", answer };
}
