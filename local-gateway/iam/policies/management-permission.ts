import type { Account } from "../account.ts";
import type { Permission } from "./permission.ts";

/** A request to a path of the stage. */
interface StageCall {
  readonly apiId: string;
  readonly stage: string;
  /** For example `POST`. */
  readonly method: string;
}

/** A call of the management API. */
export interface ManagementCall extends StageCall {
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

/**
 * What a request to any other path below the stage needs. `route` is that path as it came over the wire, without its
 * first slash: a recorded denial shows a connection id with `%3D`.
 *
 * @see https://github.com/architect/functions/issues/130
 */
export function invokePermission(
  { apiId, stage, method, route }: StageCall & { readonly route: string },
  { partition, region, accountId }: Account,
): Permission {
  return {
    action: "execute-api:Invoke",
    resource: `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}/${route}`,
  };
}
