import type { LambdaFunction } from "../../lambda/lambda-function.ts";
import type { Authorizer } from "../../template/authorizer.ts";
import { DEFAULT_INTEGRATION_TIMEOUT } from "../../template/default-integration-timeout.ts";
import type { ConnectRequest } from "../connect-request.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { invokeWithin } from "../invoke-within.ts";
import { type Authorization, authorizerAnswer } from "./authorizer-answer.ts";
import { authorizerEvent } from "./authorizer-event.ts";
import { missingIdentitySource } from "./missing-identity-source.ts";

/**
 * Asks an API's Lambda authorizer whether a client may connect. It runs for every upgrade, because a WebSocket API
 * caches no results, but not for one without all of the identity sources: that is 401. How long AWS waits for an
 * authorizer is not documented; here it is as long as for an integration. Never rejects.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export async function authorize(
  { account, functions }: GatewayContext,
  { functionId, identitySources }: Authorizer,
  connect: ConnectRequest,
): Promise<Authorization> {
  const event = authorizerEvent(connect, account);
  const missing = missingIdentitySource(identitySources, event);
  if (missing !== undefined) {
    return { status: 401, problem: `the authorizer's identity source ${missing} is missing` };
  }
  let lambda: LambdaFunction;
  try {
    lambda = functions(functionId);
  } catch (error) {
    return { status: 500, problem: String(error) };
  }
  const invocation = await invokeWithin(DEFAULT_INTEGRATION_TIMEOUT, lambda, event);
  return authorizerAnswer(invocation, event.methodArn);
}
