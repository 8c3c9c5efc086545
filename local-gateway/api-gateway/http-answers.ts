import { randomUUID } from "node:crypto";
import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { createId, createTraceId } from "../ids.ts";

/**
 * An answer of API Gateway, without what every answer has. `errorType` is the name that SDKs know an error by.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export interface HttpAnswer {
  readonly status: number;
  readonly errorType?: string;
  /** JSON text; empty when absent. */
  readonly body?: string;
}

export const FORBIDDEN: HttpAnswer = {
  status: 403,
  errorType: "ForbiddenException",
  body: '{"message":"Forbidden"}',
};

export const INTERNAL_SERVER_ERROR: HttpAnswer = {
  status: 500,
  errorType: "InternalServerErrorException",
  body: '{"message": "Internal server error"}',
};

export const SERVICE_UNAVAILABLE: HttpAnswer = {
  status: 503,
  body: '{"message":"Service Unavailable"}',
};

/** Sends an answer, and ends the response. */
export function sendAnswer(
  response: ServerResponse,
  { status, errorType, body = "" }: HttpAnswer,
): void {
  const headers: OutgoingHttpHeaders = answerIds();
  if (errorType !== undefined) {
    headers["x-amzn-errortype"] = errorType;
  }
  if (status !== 204) {
    headers["content-type"] = "application/json";
    headers["content-length"] = Buffer.byteLength(body);
  }
  response.writeHead(status, headers).end(body);
}

/** Answers an upgrade request with an HTTP status instead of 101, and ends the socket. */
export function rejectUpgrade(
  socket: Duplex,
  { status, errorType, body = "" }: HttpAnswer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const lines = Object.entries({
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
    ...answerIds(),
    ...(errorType !== undefined && { "x-amzn-errortype": errorType }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Rejected"}\r\n${lines.join("")}\r\n${body}`,
  );
}

/**
 * The ids that AWS puts into the headers of each HTTP answer: one of AWS's request ids, one of API Gateway's own, and
 * the trace's.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
function answerIds(): Record<string, string> {
  return {
    "x-amzn-requestid": randomUUID(),
    "x-amz-apigw-id": createId(),
    "x-amzn-trace-id": createTraceId(),
  };
}
