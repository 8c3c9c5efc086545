import type { ConnectionDetails } from "./connection-details.ts";
import { requestContext } from "./request-context.ts";

/** What identifies one message. */
interface MessageIds {
  readonly messageId: string;
  readonly requestId: string;
}

/**
 * The event of a message: no headers, and the text as it came, also when it is empty.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export function messageEvent(
  connection: ConnectionDetails,
  routeKey: string,
  body: string,
  { messageId, requestId }: MessageIds,
): object {
  const { stageVariables } = connection;
  return {
    ...(stageVariables && { stageVariables }),
    requestContext: requestContext(
      connection,
      routeKey,
      { eventType: "MESSAGE", messageId },
      requestId,
    ),
    body,
    isBase64Encoded: false,
  };
}
