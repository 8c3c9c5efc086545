import type { Account } from "../../iam/account.ts";
import type { ConnectionDetails } from "../connection-details.ts";

/**
 * The ARN of the `$connect` route, on which a client needs `execute-api:Invoke`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
export function methodArn(
  { apiId, stage }: ConnectionDetails,
  { partition, region, accountId }: Account,
): string {
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/$connect`;
}
