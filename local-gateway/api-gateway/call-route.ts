import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { Route } from "../template/route.ts";
import { callIntegration, type IntegrationOutcome } from "./call-integration.ts";
import type { GatewayContext } from "./gateway-context.ts";

/**
 * Calls the integration of a route; undefined when there is no such route, or it has no integration. A function that
 * does not run here is one that Lambda does not run. Never rejects.
 */
export async function callRoute(
  { functions }: GatewayContext,
  route: Route | undefined,
  event: object,
): Promise<IntegrationOutcome | undefined> {
  if (route?.functionId === undefined) {
    return;
  }
  let lambda: LambdaFunction;
  try {
    lambda = functions(route.functionId);
  } catch (error) {
    return { kind: "rejected", problem: String(error) };
  }
  return await callIntegration(lambda, event, route.integrationTimeout);
}
