import type { Account } from "../account.ts";
import type { Permission } from "./permission.ts";

/** A call of the management API. */
export interface ManagementCall {
  readonly apiId: string;
  readonly stage: string;
  /** For example `POST`. */
  readonly method: string;
  /** Decoded, so with its `=` at the end. */
  readonly connectionId: string;
}

/**
 * What a call of the management API needs. The method is part of the resource: who may post may not yet delete.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
export function managementPermission(
  { apiId, stage, method, connectionId }: ManagementCall,
  { partition, region, accountId }: Account,
): Permission {
  return {
    action: "execute-api:ManageConnections",
    resource: `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}/@connections/${connectionId}`,
  };
}
