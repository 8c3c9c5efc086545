import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { Route } from "../template/route.ts";
import { callIntegration, type IntegrationOutcome } from "./call-integration.ts";
import type { GatewayContext } from "./gateway-context.ts";

/**
 * Calls the integration of a route with an event of a connection; undefined when there is no such route, or it has no integration. A function that
 * does not run here is one that Lambda does not run. The fault `duplicateEvent` delivers the event once more after its
 * first outcome, which alone counts. Never rejects.
 */
export async function callRoute(
  { functions, faults, pending }: GatewayContext,
  route: Route | undefined,
  event: object,
  connectionId: string,
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
  const { routeKey, integrationTimeout } = route;
  const twice = faults.strike(["duplicateEvent"], { subject: routeKey, connectionId });
  const outcome = await callIntegration(lambda, event, integrationTimeout);
  if (twice) {
    pending.add(callIntegration(lambda, event, integrationTimeout).then(() => {}));
  }
  return outcome;
}
