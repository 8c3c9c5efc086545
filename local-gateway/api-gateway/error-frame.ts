/**
 * What an error frame says. API Gateway is known to use the first three; the last is a choice of our own, for no source
 * has its text.
 */
export type ErrorText =
  | "Forbidden"
  | "Internal server error"
  | "Endpoint request timed out"
  | "Too Many Requests";

/**
 * The text by which API Gateway tells a client that its message failed, byte for byte, the uneven spaces included.
 * `message` is one of its own texts, which need no escaping.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export function errorFrame(message: string, connectionId: string, requestId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}
