import type { IncomingMessage } from "node:http";
import type { Account } from "../iam/account.ts";
import type { LambdaAccess } from "../iam/lambda-access.ts";
import type { FunctionDefinition } from "../template/function-definition.ts";
import type { AcceptedInvocation } from "./accepted-invocation.ts";
import { findFunction } from "./find-function.ts";
import { type LambdaRefusal, refuseCall } from "./lambda-refusal.ts";
import { readFunctionReference } from "./read-function-reference.ts";
import { readInvokePath } from "./read-invoke-path.ts";
import { readInvokeRequest } from "./read-invoke-request.ts";

/** What calls are checked against. */
export interface Acceptance {
  readonly account: Account;
  readonly access: LambdaAccess;
  readonly functions: readonly FunctionDefinition[];
}

/** What is known of a call before anything of it is read. */
type Call = Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders">;

/**
 * Checks a call of Lambda's API: first who makes it, for nobody else learns which functions there are, then what it
 * asks for. Gives it the request id.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function acceptInvocation(
  { account, access, functions }: Acceptance,
  { method = "", url = "", headers, rawHeaders }: Call,
  payload: Buffer,
  requestId: string,
): AcceptedInvocation | LambdaRefusal {
  const path = readInvokePath(method, url);
  const reference = path && readFunctionReference(path, account);
  const arn = reference && "arn" in reference ? reference.arn : undefined;
  const denied = access.refuse({ method, url, rawHeaders, body: payload }, arn);
  if (denied) {
    return { status: 403, ...denied };
  }
  if (reference === undefined) {
    const message = "The local gateway knows one call of Lambda's API: Invoke";
    return refuseCall("UnknownOperationException", message);
  }
  if ("errorType" in reference) {
    return reference;
  }
  const chosen = findFunction(reference, functions, account);
  if ("errorType" in chosen) {
    return chosen;
  }
  const request = readInvokeRequest(headers, payload);
  if ("errorType" in request) {
    return request;
  }
  const { clientContext } = request;
  const context = {
    functionVersion: chosen.version,
    invokedFunctionArn: reference.arn,
    ...(clientContext && { clientContext }),
  };
  return { ...chosen, ...request, payload, invocation: { requestId, context } };
}
