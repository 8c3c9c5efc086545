/**
 * What API Gateway accepts from a client and from a backend.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const QUOTAS = {
  /** Bytes of payload in one WebSocket frame. */
  frameSize: 32 * 1024,
  /** Bytes in one message, all of its frames together. */
  messageSize: 128 * 1024,
  /** Bytes of what a Lambda authorizer returns. */
  authorizerResultSize: 8 * 1024,
  /** Characters of a URL, from the path on. */
  urlLength: 4096,
  /** Seconds without traffic after which a connection is closed. */
  idleTimeout: 600,
  /** Seconds after which any connection is closed. */
  connectionDuration: 7200,
} as const;
