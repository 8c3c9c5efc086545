import type { Account } from "../../iam/account.ts";
import type { ConnectRequest } from "../connect-request.ts";
import { eventHeaders } from "../event-headers.ts";
import { queryParameters } from "../query-parameters.ts";
import { requestContext } from "../request-context.ts";
import { singleAndMultiValues } from "../single-and-multi-values.ts";
import { methodArn } from "./method-arn.ts";

/** What a Lambda authorizer is invoked with. */
export interface AuthorizerEvent {
  readonly type: "REQUEST";
  /** The ARN of the API's `$connect` route, which the policy has to cover. */
  readonly methodArn: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, string[]>>;
  readonly queryStringParameters: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters: Readonly<Record<string, string[]>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly requestContext: object;
}

/**
 * The event of a Lambda authorizer. Unlike the integration's it has every header of the upgrade, empty maps where there
 * is nothing to tell, and no isBase64Encoded.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export function authorizerEvent(
  { details, request, requestId, receivedAt }: ConnectRequest,
  account: Account,
): AuthorizerEvent {
  const { domainName, sourceIp, stageVariables = {} } = details;
  const headers = singleAndMultiValues(eventHeaders(request, domainName, sourceIp));
  const query = singleAndMultiValues(queryParameters(request.url ?? ""));
  const occasion = { eventType: "CONNECT" } as const;
  return {
    type: "REQUEST",
    methodArn: methodArn(details, account),
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    stageVariables,
    requestContext: requestContext(details, "$connect", occasion, requestId, receivedAt),
  };
}
