import type { ConnectRequest } from "./connect-request.ts";
import { eventHeaders } from "./event-headers.ts";
import { queryParameters } from "./query-parameters.ts";
import { requestContext } from "./request-context.ts";
import { singleAndMultiValues } from "./single-and-multi-values.ts";

/** Headers of the connection between two machines, which API Gateway keeps from the integration. */
const LEFT_OUT = new Set(["connection", "upgrade", "content-length"]);

/**
 * The event of the `$connect` route. Both members of the query string are absent when there is none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function connectEvent({ details, request, requestId, receivedAt }: ConnectRequest): object {
  const { domainName, sourceIp, stageVariables } = details;
  const headers = singleAndMultiValues(
    eventHeaders(request, domainName, sourceIp).filter(
      ([name]) => !LEFT_OUT.has(name.toLowerCase()),
    ),
  );
  const parameters = queryParameters(request.url ?? "");
  const query = singleAndMultiValues(parameters);
  const occasion = { eventType: "CONNECT" } as const;
  return {
    headers: headers.single,
    multiValueHeaders: headers.multi,
    ...(parameters.length > 0 && {
      queryStringParameters: query.single,
      multiValueQueryStringParameters: query.multi,
    }),
    ...(stageVariables && { stageVariables }),
    requestContext: requestContext(details, "$connect", occasion, requestId, receivedAt),
    isBase64Encoded: false,
  };
}
