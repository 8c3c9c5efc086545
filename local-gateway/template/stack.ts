import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { ACCOUNT_ID } from "./account-id.ts";
import { STACK_NAME } from "./stack-name.ts";

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

/** Describes the local stack of the template in `file`. */
export function createStack(file: string, region: string): Stack {
  const path = resolve(file);
  return {
    name: STACK_NAME,
    region,
    accountId: ACCOUNT_ID,
    partition: "aws",
    urlSuffix: "amazonaws.com",
    apiId: (logicalId) => apiId(`${path} ${logicalId}`),
  };
}

function apiId(name: string): string {
  const digest = createHash("sha256").update(name).digest();
  return BigInt(`0x${digest.toString("hex")}`)
    .toString(36)
    .slice(-10)
    .padStart(10, "0");
}
