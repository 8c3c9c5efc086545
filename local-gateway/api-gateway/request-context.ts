import type { ConnectionDetails } from "./connection-details.ts";
import { requestTime } from "./request-time.ts";

/** What differs between the three kinds of event. */
export type Occasion =
  | { readonly eventType: "CONNECT" }
  | { readonly eventType: "MESSAGE"; readonly messageId: string }
  | {
      readonly eventType: "DISCONNECT";
      readonly disconnectStatusCode: number;
      readonly disconnectReason: string;
    };

/**
 * The `requestContext` of an event, its members in the order in which API Gateway writes them. A member that does not
 * belong to the kind of event is absent, not null; `extendedRequestId` always equals `requestId`. `now` is the time of the
 * request, in milliseconds since 1970.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function requestContext(
  connection: ConnectionDetails,
  routeKey: string,
  occasion: Occasion,
  requestId: string,
  now = Date.now(),
): object {
  return {
    routeKey,
    ...(occasion.eventType === "MESSAGE" && { messageId: occasion.messageId }),
    ...(occasion.eventType === "DISCONNECT" && {
      disconnectStatusCode: occasion.disconnectStatusCode,
    }),
    eventType: occasion.eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(now),
    messageDirection: "IN",
    ...(occasion.eventType === "DISCONNECT" && { disconnectReason: occasion.disconnectReason }),
    stage: connection.stage,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: now,
    ...(connection.authorizer && { authorizer: connection.authorizer }),
    identity: {
      ...(connection.userAgent !== undefined && { userAgent: connection.userAgent }),
      sourceIp: connection.sourceIp,
    },
    requestId,
    domainName: connection.domainName,
    connectionId: connection.connectionId,
    apiId: connection.apiId,
  };
}
