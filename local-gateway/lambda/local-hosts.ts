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
 * The hosts under which AWS has what stands on this machine: the API with this id, Lambda and DynamoDB. Requests may
 * come here with them, because they are signed over.
 */
export function awsHosts(apiId: string, region: string) {
  return {
    api: `${apiId}.execute-api.${region}.amazonaws.com`,
    lambda: `lambda.${region}.amazonaws.com`,
    dynamodb: `dynamodb.${region}.amazonaws.com`,
  };
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
  const { api, lambda, dynamodb } = awsHosts(apiId, region);
  return { [api]: origin, [lambda]: origin, [dynamodb]: new URL(dynamodbUrl).origin };
}
