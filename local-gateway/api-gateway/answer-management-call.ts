import type { IncomingMessage } from "node:http";
import { deleteConnection } from "./delete-connection.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { getConnection } from "./get-connection.ts";
import type { ManagementAnswer } from "./management-answer.ts";
import { addressProblem, type ManagementPath } from "./management-path.ts";
import { type AnsweredPost, postDespiteFaults } from "./post-despite-faults.ts";
import { QUOTAS } from "./quotas.ts";
import { requestBody } from "./request-body.ts";

/** The answer to a management call, how many bytes were posted, and why the call was refused, if the call itself was. */
export interface AnsweredCall extends AnsweredPost {
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
  answer: refusal(
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
  const refused = context.managementAccess.refuse(
    { method, url, rawHeaders, body },
    called?.connectionId,
  );
  if (refused) {
    const { errorType, body: text } = refused;
    const answer = { status: 403, errorType, body: text };
    const problem = called ? refused.problem : `${wrongAddress()}; ${refused.problem}`;
    return { answer, size: body.length, problem };
  }
  if (!called) {
    const message = `No method found matching route ${route} for http method ${method}.`;
    const answer = refusal(404, "NotFoundException", message);
    return { answer, size: body.length, problem: wrongAddress() };
  }
  const { connectionId, wellFormed } = called;
  if (!wellFormed) {
    const message = `Invalid connectionId: ${connectionId}`;
    return { answer: refusal(400, "BadRequestException", message), size: 0 };
  }
  if (body.length > QUOTAS.messageSize) {
    return TOO_LARGE;
  }
  const answered = await operate(context, connectionId, body);
  return { ...answered, size: body.length, body: body.toString() };
}

function refusal(status: number, errorType: string, message: string): ManagementAnswer {
  return { status, errorType, body: JSON.stringify({ message }) };
}
