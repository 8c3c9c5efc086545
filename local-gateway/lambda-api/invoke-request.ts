/** What the caller wants: the result, that it runs some time, or only to know whether it may. */
export type InvocationType = "RequestResponse" | "Event" | "DryRun";

/** An invocation that Lambda accepts. */
export interface InvokeRequest {
  readonly invocationType: InvocationType;
  /** Any JSON. */
  readonly event: unknown;
  /** For the context object; absent when the caller gave none, or does not wait for the result. */
  readonly clientContext?: object;
}
