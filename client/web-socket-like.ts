/**
 * What the client needs of a WebSocket. The browser's, Node's own and the one of the package `ws` have it.
 *
 * @see https://websockets.spec.whatwg.org/#the-websocket-interface
 */
export interface WebSocketLike {
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number): void;
  /** Ends the connection without a closing handshake, where the implementation can. */
  terminate?(): void;
}
