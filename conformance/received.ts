/** An event as a function received it, in so far as probes read it by name. */
export interface WebSocketEvent {
  readonly requestContext: RequestContext;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

interface RequestContext {
  readonly routeKey: string;
  readonly eventType: string;
  readonly connectionId: string;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly messageId?: string;
  readonly messageDirection: string;
  readonly requestTime: string;
  readonly requestTimeEpoch: number;
  readonly connectedAt: number;
  readonly domainName: string;
  readonly apiId: string;
  readonly stage: string;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly authorizer?: Readonly<Record<string, unknown>>;
  readonly disconnectStatusCode?: number;
  readonly disconnectReason?: string;
}

/** The sorted names of the members that every event's requestContext has, and of those that its kind adds. */
export function contextMembers(...added: readonly string[]): string[] {
  return [
    "apiId",
    "connectedAt",
    "connectionId",
    "domainName",
    "eventType",
    "extendedRequestId",
    "identity",
    "messageDirection",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "routeKey",
    "stage",
    ...added,
  ].sort();
}

/** The text by which API Gateway notifies a client that its message failed, with its uneven spaces. */
export function errorFrame(message: string, connectionId: string): RegExp {
  return new RegExp(
    `^{"message": "${message}", "connectionId":"${connectionId}", "requestId":"[\\w-]{15}="}$`,
  );
}

/** The names of an object's members, sorted; none when there is no object. */
export function sortedKeys(value: object = {}): string[] {
  return Object.keys(value).sort();
}
