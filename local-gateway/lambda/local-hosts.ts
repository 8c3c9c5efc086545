/** The hosts of AWS that stand on this machine: by name, the origin to which requests go instead. */
export type LocalHosts = Readonly<Record<string, string>>;

/** Where the APIs and the database are. */
interface Places {
  readonly region: string;
  /** The base URL of the management API, stage included; Lambda's own API is at its origin. */
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
}

/**
 * The host of the API with this id, which events have as their `domainName`, and those of Lambda and DynamoDB.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * @see https://docs.aws.amazon.com/general/latest/gr/ddb.html
 * @see https://docs.aws.amazon.com/general/latest/gr/lambda-service.html
 */
export function localHosts(
  apiId: string,
  { region, managementUrl, dynamodbUrl }: Places,
): LocalHosts {
  const { origin } = new URL(managementUrl);
  return {
    [`${apiId}.execute-api.${region}.amazonaws.com`]: origin,
    [`lambda.${region}.amazonaws.com`]: origin,
    [`dynamodb.${region}.amazonaws.com`]: new URL(dynamodbUrl).origin,
  };
}
