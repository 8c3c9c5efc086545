import type { ConnectionDetails } from "./connection-details.ts";
import type { DisconnectCause } from "./disconnect-cause.ts";
import { requestContext } from "./request-context.ts";
import { singleAndMultiValues } from "./single-and-multi-values.ts";

/**
 * The event of the `$disconnect` route. Its headers are always the same four, three of them empty: the client's own
 * are only in the `$connect` event.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function disconnectEvent(
  connection: ConnectionDetails,
  cause: DisconnectCause,
  requestId: string,
): object {
  const headers = singleAndMultiValues([
    ["Host", [connection.domainName]],
    ["x-api-key", [""]],
    ["X-Forwarded-For", [""]],
    ["x-restapi", [""]],
  ]);
  const { stageVariables } = connection;
  return {
    headers: headers.single,
    multiValueHeaders: headers.multi,
    ...(stageVariables && { stageVariables }),
    requestContext: requestContext(
      connection,
      "$disconnect",
      {
        eventType: "DISCONNECT",
        disconnectStatusCode: cause.code,
        disconnectReason: cause.reason,
      },
      requestId,
    ),
    isBase64Encoded: false,
  };
}
