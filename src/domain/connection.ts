/** A registered connection. Times are in milliseconds since 1970. */
export interface Connection {
  /** The id that API Gateway gave to the connection: opaque, and kept to the letter. */
  readonly connectionId: string;
  /** Whose connection it is: a name, or absent. */
  readonly user?: string | undefined;
  /** The channel that it is in, for its whole life: a name, or absent. */
  readonly channel?: string | undefined;
  /** When the relay registered it. */
  readonly registeredAt: number;
  /** When the registration ends by itself. */
  readonly expiresAt: number;
}

/** Whether the registration has not ended at the time `now`. A store may delete it only days later. */
export function isLive({ expiresAt }: Pick<Connection, "expiresAt">, now: number): boolean {
  return expiresAt > now;
}

const CONNECTION_ID = /^[A-Za-z0-9_=-]{1,128}$/;

/**
 * Whether `value` can be a connection id at all. Connection ids become part of a request's path, so anything that
 * would change the path (an empty string, `..`, a slash) or cannot be encoded (a lone surrogate) is not valid.
 */
export function isConnectionId(value: unknown): value is string {
  return typeof value === "string" && CONNECTION_ID.test(value);
}
