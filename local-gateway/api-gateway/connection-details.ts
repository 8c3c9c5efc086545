/** What stays the same for the whole life of a connection, and is told in each of its events. */
export interface ConnectionDetails {
  readonly connectionId: string;
  /** In milliseconds since 1970. */
  readonly connectedAt: number;
  readonly sourceIp: string;
  /** Absent when the client sent no User-Agent. */
  readonly userAgent?: string;
  readonly apiId: string;
  readonly stage: string;
  /** The host name that a deployed API would have. */
  readonly domainName: string;
}
