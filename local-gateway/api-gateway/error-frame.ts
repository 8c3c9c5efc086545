/** What API Gateway is known to say in an error frame. */
export type ErrorText = "Forbidden" | "Internal server error" | "Endpoint request timed out";

/**
 * The text frame by which API Gateway tells a client that its message failed, byte for byte, the uneven spaces
 * included.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export function errorFrame(message: ErrorText, connectionId: string, requestId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}
