import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { GatewayContext } from "./context.ts";
import { requestPath } from "./handshake.ts";
import { answerManagementCall, type ManagementAnswer } from "./management-api.ts";
import { addressProblem, type ManagementPath, readManagementPath } from "./management-path.ts";
import { answerIds } from "./messages.ts";
import { QUOTAS } from "./quotas.ts";

const FORBIDDEN: ManagementAnswer = {
  status: 403,
  errorType: "ForbiddenException",
  body: '{"message":"Forbidden"}',
};

/** What a client of DynamoDB understands. A template without a table has no DynamoDB, and leaves its endpoint here. */
const NO_DYNAMODB: ManagementAnswer = {
  status: 400,
  body: JSON.stringify({
    __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
    message: "No DynamoDB is here: the local gateway runs one only when the template has a table",
  }),
};

/**
 * Answers a plain HTTP request: a management call; 426 to a GET of the stage or of a path below it, where only upgrades
 * are served; a file, where a folder is served; 403 on every other path. What is wrong with the address of a management
 * call is reported.
 *
 * Throws when the caller breaks off.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * @see https://github.com/dherault/serverless-offline/blob/master/tests/manual/websocket/main/test/e2e/ws.e2e.js
 */
export async function answerRequest(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { api, staticFiles, report } = context;
  const { method = "", url = "" } = request;
  const path = requestPath(url);
  const managementPath = readManagementPath(path, api.stage);
  const { route, aimsAtConnections } = managementPath;
  if (url.length > QUOTAS.urlLength) {
    if (aimsAtConnections) {
      const problem = `a URL of ${url.length} characters; API Gateway accepts ${QUOTAS.urlLength}`;
      report({ kind: "management call rejected", method, status: 414, problem });
    }
    send(response, { status: 414, body: '{"message":"Request-URI Too Long"}' });
  } else if (route !== undefined && (aimsAtConnections || method !== "GET")) {
    await answerBelowStage(context, managementPath, request, response);
  } else if (route !== undefined) {
    response.setHeader("Upgrade", "websocket");
    send(response, { status: 426, body: '{"message":"Upgrade Required"}' });
  } else if (aimsAtConnections) {
    const problem = addressProblem(path, api.stage);
    report({ kind: "management call rejected", method, status: FORBIDDEN.status, problem });
    send(response, FORBIDDEN);
  } else if (staticFiles && /^(GET|HEAD)$/.test(method)) {
    await staticFiles.answer(request, response, path);
  } else if (method === "POST" && /^DynamoDB_/.test(String(request.headers["x-amz-target"]))) {
    send(response, NO_DYNAMODB);
  } else {
    send(response, FORBIDDEN);
  }
}

async function answerBelowStage(
  context: GatewayContext,
  path: ManagementPath,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "" } = request;
  const { connectionId } = path.connection ?? {};
  const { answer, problem, struck, ...rest } = await answerManagementCall(request, path, context);
  const { status } = answer;
  if (problem !== undefined) {
    context.report({ kind: "management call rejected", method, connectionId, status, problem });
  } else if (struck !== "unsent") {
    context.report({ kind: "management call", method, connectionId, status, ...rest });
  }
  if (struck === "cut") {
    response.destroy();
  } else {
    send(response, answer);
  }
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
