/** Why a connection ended. */
export interface DisconnectCause {
  /** The WebSocket close code, `disconnectStatusCode` in the event. */
  readonly code: number;
  /** `disconnectReason` in the event. */
  readonly reason: string;
  /** The rule behind a close by the gateway, in words for whoever watches the console. */
  readonly explanation?: string;
}
