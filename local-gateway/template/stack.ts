import { createHash } from "node:crypto";
import { resolve } from "node:path";

/** The stack that a template would be deployed as: what its pseudo parameters say. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly urlSuffix: string;
  /** The id of the API with this logical id: ten characters that stay the same for the same template file. */
  readonly apiId: (logicalId: string) => string;
}

/**
 * Every template's stack, whatever folder it is in: files that name its resources, such as those for
 * `sam local invoke --env-vars`, can be checked in.
 */
export const STACK_NAME = "local";

/** The account that everything local belongs to: the one of AWS's own examples. */
export const ACCOUNT_ID = "123456789012";

/** Describes the local stack of the template in `file`. */
export function createStack(file: string, region: string): Stack {
  const path = resolve(file);
  return {
    name: STACK_NAME,
    region,
    accountId: ACCOUNT_ID,
    partition: "aws",
    urlSuffix: "amazonaws.com",
    apiId: (logicalId) => createApiId(`${path} ${logicalId}`),
  };
}

function createApiId(name: string): string {
  const digest = createHash("sha256").update(name).digest();
  return BigInt(`0x${digest.toString("hex")}`)
    .toString(36)
    .slice(-10)
    .padStart(10, "0");
}
