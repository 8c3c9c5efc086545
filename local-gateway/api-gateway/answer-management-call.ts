import type { IncomingMessage } from "node:http";
import type { NamedConnection } from "./connection-of-path.ts";
import type { Connections } from "./connections.ts";
import { deleteConnection } from "./delete-connection.ts";
import { getConnection } from "./get-connection.ts";
import type { ManagementAnswer } from "./management-answer.ts";
import { postToConnection } from "./post-to-connection.ts";
import { QUOTAS } from "./quotas.ts";
import { requestBody } from "./request-body.ts";

/** The answer to a management call, and how many bytes were posted. */
export interface AnsweredCall {
  readonly answer: ManagementAnswer;
  readonly size: number;
}

/**
 * Answers a call of the management API: POST sends to the connection, GET tells about it, DELETE closes it.
 *
 * Throws when the caller breaks off.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export async function answerManagementCall(
  request: IncomingMessage,
  { connectionId, wellFormed }: NamedConnection,
  connections: Connections,
): Promise<AnsweredCall> {
  const body = await requestBody(request, QUOTAS.messageSize);
  if (!wellFormed) {
    const message = `Invalid connectionId: ${connectionId}`;
    return { answer: refusal(400, "BadRequestException", message), size: 0 };
  }
  if (body === "too large") {
    const message = `A message may have ${QUOTAS.messageSize} bytes`;
    return { answer: refusal(413, "PayloadTooLargeException", message), size: 0 };
  }
  return { answer: operate(request.method, connectionId, body, connections), size: body.length };
}

function operate(
  method: string | undefined,
  connectionId: string,
  body: Buffer,
  connections: Connections,
): ManagementAnswer {
  switch (method) {
    case "POST":
      return postToConnection(connections, connectionId, body);
    case "GET":
      return getConnection(connections, connectionId);
    case "DELETE":
      return deleteConnection(connections, connectionId);
    default:
      return refusal(403, "ForbiddenException", "Forbidden");
  }
}

function refusal(status: number, errorType: string, message: string): ManagementAnswer {
  return { status, errorType, body: JSON.stringify({ message }) };
}
