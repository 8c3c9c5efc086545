/** An event as a function receives it: after its way through JSON. */
export interface RecordedEvent {
  /** Of an authorizer's event only. */
  readonly type?: string;
  /** Of an authorizer's event only. */
  readonly methodArn?: string;
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly queryStringParameters?: Record<string, string>;
  readonly multiValueQueryStringParameters?: Record<string, string[]>;
  readonly stageVariables?: Record<string, string>;
  readonly requestContext: {
    readonly routeKey: string;
    readonly eventType: string;
    readonly requestId: string;
    readonly messageId?: string;
    readonly connectionId: string;
    readonly connectedAt: number;
    readonly requestTimeEpoch: number;
    readonly authorizer?: Record<string, string>;
    readonly disconnectStatusCode?: number;
    readonly disconnectReason?: string;
  };
  readonly body?: string;
}
