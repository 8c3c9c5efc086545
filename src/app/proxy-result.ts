/**
 * What the function returns to API Gateway. Other members, or a body that is no text, would reach the client as an
 * internal server error.
 */
export interface ProxyResult {
  readonly statusCode: number;
  readonly body: string;
  /** Only for a `$connect`: the subprotocol that was chosen of those that the client offered. */
  readonly headers?: { readonly "Sec-WebSocket-Protocol": string };
}
