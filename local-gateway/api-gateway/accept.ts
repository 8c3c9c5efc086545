import { validateHeaderValue } from "node:http";
import { authorize, authorizeSignature, methodArn } from "./authorizer.ts";
import type { ConnectionDetails, ConnectRequest } from "./connection-details.ts";
import type { GatewayContext } from "./context.ts";
import { connectEvent } from "./events.ts";
import { callRoute, type IntegrationOutcome, type ProxyResult } from "./integration.ts";

/** Whether a client may connect: the connection as it is from now on, or the status that rejects it. */
type Admission =
  | { readonly details: ConnectionDetails; readonly subprotocol?: string }
  | {
      readonly status: number;
      /** For the console. */
      readonly problem: string;
    };

/**
 * Takes an upgrade request through the stage's throttle, the API's authorization and the integration of `$connect`, in this
 * order: AWS documents that authorization runs before the integration, not where throttling stands. Without a `$connect`
 * route, or without an integration behind it, that step is left out.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export async function admit(context: GatewayContext, connect: ConnectRequest): Promise<Admission> {
  const { api, throttles, account, authenticator } = context;
  const route = api.routes.get("$connect");
  const tooMany = route && throttles.rejection(route);
  if (tooMany !== undefined) {
    return { status: 429, problem: tooMany };
  }
  let { details } = connect;
  if (api.authorizer === "AWS_IAM") {
    const resource = methodArn(details, account);
    const denial = authorizeSignature(authenticator, connect.request, resource);
    if (denial) {
      return denial;
    }
  } else if (api.authorizer) {
    const authorization = await authorize(context, api.authorizer, connect);
    if ("problem" in authorization) {
      return authorization;
    }
    details = { ...details, ...authorization };
  }
  const event = connectEvent({ ...connect, details });
  const outcome = await callRoute(context, route, event, details.connectionId);
  if (!outcome) {
    return { details };
  }
  const answer = connectAnswer(outcome);
  if ("problem" in answer) {
    return answer;
  }
  const { subprotocol } = answer;
  return { details, ...(subprotocol !== undefined && { subprotocol }) };
}

/** How an upgrade is answered once `$connect` is through. */
type ConnectAnswer =
  | { readonly status: 101; readonly subprotocol?: string }
  | { readonly status: number; readonly problem: string };

const STATUS_OF_FAILURE = { malformed: 502, failed: 502, rejected: 500, "timed out": 504 } as const;

/**
 * The answer to a held upgrade: a status of 200 to 299 from `$connect` completes it, any other becomes the answer's
 * own, and a failed call is 502, 500 (Lambda did not run it) or 504 (it took too long).
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 */
function connectAnswer(outcome: IntegrationOutcome): ConnectAnswer {
  if (outcome.kind !== "answered") {
    return { status: STATUS_OF_FAILURE[outcome.kind], problem: outcome.problem };
  }
  const { statusCode } = outcome.result;
  if (statusCode < 200) {
    return { status: 502, problem: `${statusCode} cannot be the answer to an upgrade` };
  }
  if (statusCode >= 300) {
    return { status: statusCode, problem: `the function answered ${statusCode}` };
  }
  try {
    const subprotocol = chosenSubprotocol(outcome.result);
    return { status: 101, ...(subprotocol !== undefined && { subprotocol }) };
  } catch {
    return { status: 502, problem: "the subprotocol cannot stand in a header" };
  }
}

const HEADER = "sec-websocket-protocol";

/**
 * The subprotocol that a `$connect` function chose: the first value of its `Sec-WebSocket-Protocol` header, exactly as
 * it returned it, in whatever case it wrote the name. Undefined when it chose none; API Gateway never chooses itself.
 *
 * Throws a TypeError when the value cannot stand in a header.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
 */
function chosenSubprotocol({ headers }: ProxyResult): string | undefined {
  const chosen = headers.find(([name, values]) => name.toLowerCase() === HEADER && values.length);
  const value = chosen?.[1][0];
  if (value !== undefined) {
    validateHeaderValue(HEADER, value);
  }
  return value;
}
