/** The Lambda authorizer of type REQUEST that `$connect` has to pass. */
export interface Authorizer {
  /** The logical id of its function. */
  readonly functionId: string;
  /**
   * What every upgrade request has to bring: `route.request.header.NAME`, `route.request.querystring.NAME`,
   * `stageVariables.NAME` or `context.PATH`. May be empty.
   */
  readonly identitySources: readonly string[];
}
