import type { IncomingMessage } from "node:http";
import type { NamedConnection } from "./connection-of-path.ts";
import { deleteConnection } from "./delete-connection.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { getConnection } from "./get-connection.ts";
import type { ManagementAnswer } from "./management-answer.ts";
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

const UNKNOWN_METHOD: AnsweredCall = {
  answer: refusal(403, "ForbiddenException", "Forbidden"),
  size: 0,
  problem: "the management API has POST, GET and DELETE",
};

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
 * call may be made is decided before anything is said about the connection.
 *
 * Throws when the caller breaks off.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export async function answerManagementCall(
  request: IncomingMessage,
  { connectionId, wellFormed }: NamedConnection,
  context: GatewayContext,
): Promise<AnsweredCall> {
  const { method = "", url = "", rawHeaders } = request;
  const operate = OPERATIONS.get(method);
  const body = await requestBody(request, MAX_PAYLOAD);
  if (!operate) {
    return UNKNOWN_METHOD;
  }
  if (body === "too large") {
    return TOO_LARGE;
  }
  const refused = context.managementAccess.refuse({ method, url, rawHeaders, body }, connectionId);
  if (refused) {
    const { errorType, body: text, problem } = refused;
    return { answer: { status: 403, errorType, body: text }, size: body.length, problem };
  }
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
