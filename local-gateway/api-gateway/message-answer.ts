import type { Route } from "../template/route.ts";
import type { IntegrationOutcome } from "./call-integration.ts";
import type { ErrorText } from "./error-frame.ts";
import { QUOTAS } from "./quotas.ts";

/** What the sender of a message hears: an error frame, a text, or nothing. */
export interface MessageAnswer {
  readonly error?: ErrorText;
  readonly body?: string;
  /** For the console. */
  readonly problem?: string;
}

/**
 * The answer to a message from what its integration did. A one-way route answers nothing, a two-way route the
 * function's body whatever its status, and an empty text when there is none. A failure is told on both kinds of route,
 * and none of them closes the connection. Where AWS's behaviour is not known: `isBase64Encoded` changes nothing, and a
 * body of more than 128 KB is an internal server error.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
 */
export function messageAnswer(
  route: Route,
  outcome: IntegrationOutcome | undefined,
): MessageAnswer {
  if (!outcome) {
    return { error: "Internal server error", problem: "the route has no integration" };
  }
  if (outcome.kind === "timed out") {
    return { error: "Endpoint request timed out", problem: outcome.problem };
  }
  if (outcome.kind !== "answered") {
    return { error: "Internal server error", problem: outcome.problem };
  }
  if (!route.twoWay) {
    return {};
  }
  const body = outcome.result.body ?? "";
  return Buffer.byteLength(body) > QUOTAS.messageSize
    ? { error: "Internal server error", problem: "the answer is larger than 128 KB" }
    : { body };
}
