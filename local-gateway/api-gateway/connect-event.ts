import type { IncomingMessage } from "node:http";
import type { ConnectionDetails } from "./connection-details.ts";
import { eventHeaders } from "./event-headers.ts";
import { queryParameters } from "./query-parameters.ts";
import { requestContext } from "./request-context.ts";
import { singleAndMultiValues } from "./single-and-multi-values.ts";

/**
 * The event of the `$connect` route. Both members of the query string are absent when there is none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function connectEvent(
  connection: ConnectionDetails,
  request: IncomingMessage,
  requestId: string,
): object {
  const headers = singleAndMultiValues(
    eventHeaders(request, connection.domainName, connection.sourceIp),
  );
  const parameters = queryParameters(request.url ?? "");
  const query = singleAndMultiValues(parameters);
  return {
    headers: headers.single,
    multiValueHeaders: headers.multi,
    ...(parameters.length > 0 && {
      queryStringParameters: query.single,
      multiValueQueryStringParameters: query.multi,
    }),
    requestContext: requestContext(connection, "$connect", { eventType: "CONNECT" }, requestId),
    isBase64Encoded: false,
  };
}
