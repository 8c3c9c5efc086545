/** The hosts of AWS that stand on this machine: by name, the origin to which requests go instead. */
export type LocalHosts = Readonly<Record<string, string>>;

/** Where the API and the database are. */
interface Places {
  readonly region: string;
  /** The base URL of the management API, stage included. */
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
}

/**
 * The host of the API with this id, which events have as their `domainName`, and that of DynamoDB.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * @see https://docs.aws.amazon.com/general/latest/gr/ddb.html
 */
export function localHosts(
  apiId: string,
  { region, managementUrl, dynamodbUrl }: Places,
): LocalHosts {
  return {
    [`${apiId}.execute-api.${region}.amazonaws.com`]: new URL(managementUrl).origin,
    [`dynamodb.${region}.amazonaws.com`]: new URL(dynamodbUrl).origin,
  };
}
