/** An HTTP request, its path exactly as it is to go over the wire. */
export interface HttpCall {
  readonly method: string;
  /** Scheme, host and port; the rest of it is not used. */
  readonly origin: string;
  /** With the query string, if any. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
