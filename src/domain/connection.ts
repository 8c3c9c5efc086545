/** A registered connection. Times are in milliseconds since 1970. */
export interface Connection {
  /** The id that API Gateway gave to the connection: opaque, and kept to the letter. */
  readonly connectionId: string;
  /** Whose connection it is: a name, or absent. */
  readonly user?: string | undefined;
  /**
   * The channels that the connection's own token opens: names, and beginnings of names with a `*` after them. Absent if
   * every channel is open to it.
   */
  readonly openChannels?: readonly string[] | undefined;
  /** When the relay registered it. */
  readonly registeredAt: number;
  /** When the registration ends by itself. */
  readonly expiresAt: number;
}

/** A connection in a channel. Times are in milliseconds since 1970. */
export interface Membership {
  readonly connectionId: string;
  readonly channel: string;
  /** The user of the connection's registration. */
  readonly user?: string | undefined;
  /** When it joined. */
  readonly since: number;
  /** When the membership ends by itself, which is never after the registration. */
  readonly expiresAt: number;
  /** Whether the connection receives who joins the channel and who leaves it. */
  readonly presence: boolean;
}

/** Whether a registration or a membership has not ended at the time `now`. A store may delete it only days later. */
export function isLive({ expiresAt }: Pick<Connection, "expiresAt">, now: number): boolean {
  return expiresAt > now;
}

/** How long a registration or a membership lasts from `now` on, in whole seconds. */
export function expiresIn({ expiresAt }: Pick<Connection, "expiresAt">, now: number): number {
  return Math.max(0, Math.floor((expiresAt - now) / 1000));
}

const CONNECTION_ID = /^[A-Za-z0-9_=-]{1,128}$/;

/**
 * Whether `value` can be a connection id at all. Connection ids become part of a request's path, so anything that
 * would change the path (an empty string, `..`, a slash) or cannot be encoded (a lone surrogate) is not valid.
 */
export function isConnectionId(value: unknown): value is string {
  return typeof value === "string" && CONNECTION_ID.test(value);
}
