import type { IncomingMessage } from "node:http";
import { QUOTAS } from "./quotas.ts";
import { requestPath } from "./request-path.ts";

/** Why an upgrade is refused before any function has run. */
export interface Refusal {
  readonly status: 400 | 403 | 414;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the console. */
  readonly problem: string;
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Checks the upgrade request of a client, before `$connect`: its URL's length and path, then the WebSocket handshake.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1
 */
export function upgradeRefusal(request: IncomingMessage, stage: string): Refusal | undefined {
  const url = request.url ?? "";
  if (url.length > QUOTAS.urlLength) {
    return {
      status: 414,
      message: "Request-URI Too Long",
      headers: {},
      problem: `a URL of ${url.length} characters; API Gateway accepts ${QUOTAS.urlLength}`,
    };
  }
  const path = requestPath(url);
  if (path !== `/${stage}` && path !== `/${stage}/`) {
    return {
      status: 403,
      message: "Forbidden",
      headers: { "x-amzn-errortype": "ForbiddenException" },
      problem: `not the path of the stage, /${stage}`,
    };
  }
  const problem = handshakeProblem(request);
  const headers = { "Sec-WebSocket-Version": "13" };
  return problem === undefined
    ? undefined
    : { status: 400, message: "Bad Request", headers, problem };
}

function handshakeProblem({ method, headers }: IncomingMessage): string | undefined {
  if (method !== "GET") {
    return "an upgrade whose method is not GET";
  }
  if (headers["sec-websocket-version"] !== "13") {
    return "Sec-WebSocket-Version is not 13";
  }
  if (!KEY.test(headers["sec-websocket-key"] ?? "")) {
    return "Sec-WebSocket-Key is not 16 bytes";
  }
  const subprotocols = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim());
  if (!subprotocols) {
    return;
  }
  const wellFormed = subprotocols.every((name) => TOKEN.test(name));
  const unique = new Set(subprotocols).size === subprotocols.length;
  return wellFormed && unique ? undefined : "Sec-WebSocket-Protocol is not a list of unique names";
}
