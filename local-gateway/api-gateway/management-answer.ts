/**
 * The answer to a management call, without what every answer has. `errorType` is the name that SDKs know an error by.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export interface ManagementAnswer {
  readonly status: number;
  readonly errorType?: string;
  /** JSON text; empty when absent. */
  readonly body?: string;
}
