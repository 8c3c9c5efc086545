/** A registered connection. */
export interface Connection {
  /** The id that API Gateway gave to the connection: opaque, and kept to the letter. */
  readonly connectionId: string;
  /** Whose connection it is: a name, or absent. */
  readonly user?: string | undefined;
  /** The channel that it is in, for its whole life: a name, or absent. */
  readonly channel?: string | undefined;
  /** When the relay registered it, in milliseconds since 1970. */
  readonly registeredAt: number;
  /** When the registration ends by itself, in seconds since 1970, the unit of DynamoDB's time to live. */
  readonly expiresAt: number;
}
