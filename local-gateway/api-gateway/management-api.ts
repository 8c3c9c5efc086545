import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Faults } from "../faults/faults.ts";
import { requestBody } from "../http.ts";
import type { Connections } from "./connections.ts";
import type { GatewayContext } from "./context.ts";
import { addressProblem, type ManagementPath } from "./management-path.ts";
import { QUOTAS } from "./quotas.ts";

/**
 * The answer to a management call, without what every answer has. `errorType` is the name that SDKs know an error by.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export interface ManagementAnswer {
  readonly status: number;
  readonly errorType?: string;
  /** JSON text; empty when absent. */
  readonly body?: string;
}

/**
 * The answer about a connection that is not reachable: closed, unknown or still in its `$connect`. Without a body.
 *
 * @see https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const GONE: ManagementAnswer = { status: 410, errorType: "GoneException" };

/** The answer to a management call, how many bytes were posted, and why the call was rejected, if the call itself was. */
interface AnsweredCall extends AnsweredPost {
  readonly size: number;
  readonly problem?: string;
  /** The text that was posted. */
  readonly body?: string;
}

type Operation = (
  context: GatewayContext,
  connectionId: string,
  body: Buffer,
) => AnsweredPost | Promise<AnsweredPost>;

/**
 * Bytes that API Gateway reads of any request. A signature is over the whole body, so also what is too large for a
 * message is read to tell whether the call may be made at all.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const MAX_PAYLOAD = 10 * 1024 * 1024;

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    "POST",
    ({ faults, connections }, connectionId, body) =>
      postDespiteFaults(faults, connections, connectionId, body),
  ],
  [
    "GET",
    ({ connections }, connectionId) => ({ answer: getConnection(connections, connectionId) }),
  ],
  [
    "DELETE",
    ({ connections }, connectionId) => ({ answer: deleteConnection(connections, connectionId) }),
  ],
]);

const TOO_LARGE: AnsweredCall = {
  answer: rejection(
    413,
    "PayloadTooLargeException",
    `A message may have ${QUOTAS.messageSize} bytes`,
  ),
  size: 0,
};

/**
 * Answers a call of the management API: POST sends to the connection, GET tells about it, DELETE closes it. Whether the
 * call may be made is decided before anything is said about the connection, or about a path below the stage that is not
 * the management API's. For that one AWS's sentence was recorded, the status was not.
 *
 * Throws when the caller breaks off.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * @see https://github.com/aws-samples/simple-websockets-chat-app/issues/40
 */
export async function answerManagementCall(
  request: IncomingMessage,
  { route = "", connection }: ManagementPath,
  context: GatewayContext,
): Promise<AnsweredCall> {
  const { method = "", url = "", rawHeaders } = request;
  const operate = OPERATIONS.get(method);
  const body = await requestBody(request, MAX_PAYLOAD);
  if (body === "too large") {
    return TOO_LARGE;
  }
  const called = operate && connection;
  const wrongAddress = () => addressProblem(url.split("?", 1)[0] ?? "", context.api.stage);
  const access = context.managementAccess.authorize(
    { method, url, rawHeaders, body },
    called?.connectionId,
  );
  if (!access.ok) {
    const { errorType, body: text } = access;
    const answer = { status: 403, errorType, body: text };
    const problem = called ? access.problem : `${wrongAddress()}; ${access.problem}`;
    return { answer, size: body.length, problem };
  }
  if (!called) {
    const message = `No method found matching route ${route} for http method ${method}.`;
    const answer = rejection(404, "NotFoundException", message);
    return { answer, size: body.length, problem: wrongAddress() };
  }
  const { connectionId, wellFormed } = called;
  if (!wellFormed) {
    const message = `Invalid connectionId: ${connectionId}`;
    return { answer: rejection(400, "BadRequestException", message), size: 0 };
  }
  if (body.length > QUOTAS.messageSize) {
    return TOO_LARGE;
  }
  const answered = await operate(context, connectionId, body);
  return { ...answered, size: body.length, body: body.toString() };
}

function rejection(status: number, errorType: string, message: string): ManagementAnswer {
  return { status, errorType, body: JSON.stringify({ message }) };
}

/**
 * Tells about a connection; `userAgent` is null when the client sent none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
function getConnection(connections: Connections, connectionId: string): ManagementAnswer {
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
function deleteConnection(connections: Connections, connectionId: string): ManagementAnswer {
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
 * Sends bytes to a connection as one text message. 200 says that the gateway took it, not that the client has it; 429
 * that the client does not read and too much waits for it. What is not UTF-8 is replaced, for the client would have to
 * close on it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
function postToConnection(
  connections: Connections,
  connectionId: string,
  data: Buffer,
): ManagementAnswer {
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

/** A post that was answered, or struck by a fault. */
interface AnsweredPost {
  readonly answer: ManagementAnswer;
  /** `unsent`: a fault alone made the answer. `cut`: the message was sent, but its answer must not be. */
  readonly struck?: "unsent" | "cut";
}

const FAILURES = {
  postGone: GONE,
  postThrottled: {
    status: 429,
    errorType: "LimitExceededException",
    body: '{"message":"Too Many Requests"}',
  },
  postError: {
    status: 500,
    errorType: "InternalServerErrorException",
    body: '{"message": "Internal server error"}',
  },
} as const satisfies Record<string, ManagementAnswer>;

const FAULTS = ["postGone", "postThrottled", "postError", "cutPost", "slowPost"] as const;

/**
 * Sends bytes to a connection as `postToConnection` does, unless a fault strikes the call: then nothing is sent, or the
 * message is sent and its answer waits or is lost, as on a bad network.
 */
async function postDespiteFaults(
  faults: Faults,
  connections: Connections,
  connectionId: string,
  data: Buffer,
): Promise<AnsweredPost> {
  const fault = faults.trigger(FAULTS, { subject: "POST", connectionId });
  if (fault === "postGone" || fault === "postThrottled" || fault === "postError") {
    return { answer: FAILURES[fault], struck: "unsent" };
  }
  const answer = postToConnection(connections, connectionId, data);
  if (fault === "slowPost") {
    await faults.delay(fault);
  }
  return { answer, ...(fault === "cutPost" && { struck: "cut" }) };
}
