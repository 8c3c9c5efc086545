import type { IncomingMessage, ServerResponse } from "node:http";
import type { Observation } from "../observation.ts";
import type { StaticFiles } from "../static-files.ts";
import type { ApiStage } from "./api-stage.ts";
import { requestPath } from "./handshake.ts";
import { FORBIDDEN, type HttpAnswer, sendAnswer } from "./http-answers.ts";
import { addressProblem, readManagementPath } from "./management-path.ts";
import { QUOTAS } from "./quotas.ts";

/** What answers plain HTTP requests. */
interface HttpRequestsOptions {
  /** The stage in the request's path; undefined when it is not the path of one. */
  readonly stage: Pick<ApiStage, "name" | "managementApi"> | undefined;
  /** Of all stages on the port. */
  readonly stageNames: readonly string[];
  /** What is served next to the API, which API Gateway does not do. */
  readonly staticFiles: StaticFiles | undefined;
  readonly report: (observation: Observation) => void;
}

/** What a client of DynamoDB understands. A template without a table has no DynamoDB, and leaves its endpoint here. */
const NO_DYNAMODB: HttpAnswer = {
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
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * @see https://github.com/dherault/serverless-offline/blob/master/tests/manual/websocket/main/test/e2e/ws.e2e.js
 */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { stage, stageNames, staticFiles, report }: HttpRequestsOptions,
): Promise<void> {
  const { method = "", url = "" } = request;
  const path = requestPath(url);
  const managementPath = readManagementPath(path, stage?.name);
  const { aimsAtConnections } = managementPath;
  if (url.length > QUOTAS.urlLength) {
    if (aimsAtConnections) {
      const problem = `a URL of ${url.length} characters; API Gateway accepts ${QUOTAS.urlLength}`;
      report({ kind: "management call rejected", method, status: 414, problem });
    }
    sendAnswer(response, { status: 414, body: '{"message":"Request-URI Too Long"}' });
  } else if (stage && (aimsAtConnections || method !== "GET")) {
    await stage.managementApi.serve(request, response, managementPath);
  } else if (stage) {
    response.setHeader("Upgrade", "websocket");
    sendAnswer(response, { status: 426, body: '{"message":"Upgrade Required"}' });
  } else if (aimsAtConnections) {
    const problem = addressProblem(path, stageNames);
    report({ kind: "management call rejected", method, status: FORBIDDEN.status, problem });
    sendAnswer(response, FORBIDDEN);
  } else if (staticFiles && /^(GET|HEAD)$/.test(method)) {
    await staticFiles.answer(request, response, path);
  } else if (method === "POST" && /^DynamoDB_/.test(String(request.headers["x-amz-target"]))) {
    sendAnswer(response, NO_DYNAMODB);
  } else {
    sendAnswer(response, FORBIDDEN);
  }
}
