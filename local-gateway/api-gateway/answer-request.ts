import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { answerIds } from "./answer-ids.ts";
import { answerManagementCall } from "./answer-management-call.ts";
import { connectionOfPath } from "./connection-of-path.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { ManagementAnswer } from "./management-answer.ts";
import { QUOTAS } from "./quotas.ts";

const FORBIDDEN: ManagementAnswer = {
  status: 403,
  errorType: "ForbiddenException",
  body: '{"message":"Forbidden"}',
};

/**
 * Answers a plain HTTP request: a management call; 426 on the stage's own path, where only upgrades are served; a file,
 * where a folder is served; 403 on every other path.
 *
 * Throws when the caller breaks off.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export async function answerRequest(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { api, staticFiles, report } = context;
  const { method = "", url = "" } = request;
  const [path = ""] = url.split("?", 1);
  const connection = connectionOfPath(path, api.stage);
  if (url.length > QUOTAS.urlLength) {
    send(response, { status: 414, body: '{"message":"Request-URI Too Long"}' });
  } else if (connection) {
    const { answer, problem, struck, ...rest } = await answerManagementCall(
      request,
      connection,
      context,
    );
    const { connectionId } = connection;
    if (problem !== undefined) {
      report({ kind: "management call refused", method, connectionId, problem });
    } else if (struck !== "unsent") {
      report({ kind: "management call", method, connectionId, status: answer.status, ...rest });
    }
    if (struck === "cut") {
      response.destroy();
    } else {
      send(response, answer);
    }
  } else if (method === "GET" && (path === `/${api.stage}` || path === `/${api.stage}/`)) {
    response.setHeader("Upgrade", "websocket");
    send(response, { status: 426, body: '{"message":"Upgrade Required"}' });
  } else if (staticFiles && /^(GET|HEAD)$/.test(method) && !isOfStage(path, api.stage)) {
    await staticFiles.answer(request, response, path);
  } else {
    send(response, FORBIDDEN);
  }
}

function isOfStage(path: string, stage: string): boolean {
  return path === `/${stage}` || path.startsWith(`/${stage}/`);
}

function send(response: ServerResponse, { status, errorType, body = "" }: ManagementAnswer): void {
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
