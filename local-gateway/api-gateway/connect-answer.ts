import type { IntegrationOutcome } from "./call-integration.ts";
import { chosenSubprotocol } from "./chosen-subprotocol.ts";

/** How an upgrade is answered once `$connect` is through. */
export type ConnectAnswer =
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
export function connectAnswer(outcome: IntegrationOutcome): ConnectAnswer {
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
