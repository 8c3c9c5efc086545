/**
 * How long API Gateway waits for an integration when the template says nothing, in milliseconds.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const DEFAULT_INTEGRATION_TIMEOUT = 29_000;
