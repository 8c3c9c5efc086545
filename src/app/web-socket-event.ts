/**
 * What the relay reads of the events that API Gateway sends to a function behind a WebSocket API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export interface WebSocketEvent {
  readonly requestContext: {
    readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT";
    readonly routeKey: string;
    readonly connectionId: string;
    readonly requestId: string;
    /** Only of a MESSAGE. */
    readonly messageId?: string | null;
    /** Only of a DISCONNECT: the close code. */
    readonly disconnectStatusCode?: number | null;
  };
  /** Only of a CONNECT: the upgrade's headers, with their names as the client wrote them. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  /** Only of a CONNECT whose URL has a query string. */
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>> | null;
  /** Only of a MESSAGE: the client's text, or what a middleware made of it. */
  body?: unknown;
}
