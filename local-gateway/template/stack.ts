import { createHash } from "node:crypto";
import { basename, dirname, resolve } from "node:path";
import { ACCOUNT_ID } from "./account-id.ts";

/** The stack that a template would be deployed as: what its pseudo parameters say. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly urlSuffix: string;
  /** Ten characters that stay the same for the same template file. */
  readonly apiId: string;
}

/** Describes the local stack of the template in `file`. Its name comes from the folder of the template. */
export function createStack(file: string, region: string): Stack {
  const path = resolve(file);
  return {
    name: stackName(basename(dirname(path))),
    region,
    accountId: ACCOUNT_ID,
    partition: "aws",
    urlSuffix: "amazonaws.com",
    apiId: apiId(path),
  };
}

/**
 * A stack's name is letters, digits and hyphens, and begins with a letter.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
 */
function stackName(folder: string): string {
  const name = folder
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^[^A-Za-z]+|-$/g, "")
    .slice(0, 60);
  return name === "" ? "local" : name;
}

function apiId(path: string): string {
  const digest = createHash("sha256").update(path).digest();
  return BigInt(`0x${digest.toString("hex")}`)
    .toString(36)
    .slice(-10)
    .padStart(10, "0");
}
