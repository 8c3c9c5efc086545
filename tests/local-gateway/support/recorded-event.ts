/** An event as a function receives it: after its way through JSON. */
export interface RecordedEvent {
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly queryStringParameters?: Record<string, string>;
  readonly multiValueQueryStringParameters?: Record<string, string[]>;
  readonly requestContext: {
    readonly routeKey: string;
    readonly eventType: string;
    readonly requestId: string;
    readonly messageId?: string;
    readonly connectionId: string;
    readonly connectedAt: number;
    readonly requestTimeEpoch: number;
    readonly disconnectStatusCode?: number;
    readonly disconnectReason?: string;
  };
  readonly body?: string;
}
