/**
 * The environment variables of the relay's function, as Lambda would set them, with both of AWS's endpoints at
 * `endpoint`, a URL without a path.
 */
export function relayEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    CONNECTIONS_TABLE: "local-ConnectionsTable",
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `${endpoint}/dev`,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  };
}
