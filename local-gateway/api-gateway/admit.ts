import { authorize } from "./authorizer/authorize.ts";
import { authorizeSignature } from "./authorizer/authorize-signature.ts";
import { methodArn } from "./authorizer/method-arn.ts";
import { callRoute } from "./call-route.ts";
import { connectAnswer } from "./connect-answer.ts";
import { connectEvent } from "./connect-event.ts";
import type { ConnectRequest } from "./connect-request.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** Whether a client may connect: the connection as it is from now on, or the status that refuses it. */
export type Admission =
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
  const tooMany = route && throttles.refusal(route);
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
