/** The answer to a call of Lambda's API, without what every answer has. */
export interface LambdaAnswer {
  readonly status: number;
  /** The name that SDKs know an error by. */
  readonly errorType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text; empty when absent. */
  readonly body?: string;
}
