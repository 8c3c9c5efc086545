import type { KnownCredentials } from "../sigv4/verify.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import type { PolicyStatement } from "../template/known-policies.ts";
import { ACCOUNT_ID, STACK_NAME } from "../template/stack.ts";

/**
 * Who signed a request.
 *
 * - `developer`: the person at this machine, who may do everything.
 * - `function`: a function of the template, which may do what its policies say. `arn` is what AWS calls it when it
 *   denies something, for example `arn:aws:sts::123456789012:assumed-role/app-RelayFunctionRole/app-RelayFunction`.
 */
export type Principal =
  | { readonly kind: "developer" }
  | {
      readonly kind: "function";
      /** The logical id. */
      readonly functionId: string;
      readonly arn: string;
      readonly policies: readonly PolicyStatement[];
    };

interface Entry {
  readonly credentials: KnownCredentials;
  readonly principal: Principal;
}

/** The access key id of the person at this machine, which is also the secret. */
const DEVELOPER = "local";

/** Who may sign requests, by access key id: the developer with `local` / `local`, and each function once it is added. */
export class Principals {
  readonly #entries = new Map<string, Entry>([
    [DEVELOPER, { credentials: { secretAccessKey: DEVELOPER }, principal: { kind: "developer" } }],
  ]);

  /**
   * Makes a principal known under its credentials.
   *
   * @throws {Error} when the access key id is known already
   */
  add(
    principal: Principal,
    { accessKeyId, ...credentials }: KnownCredentials & { readonly accessKeyId: string },
  ): void {
    if (this.#entries.has(accessKeyId)) {
      throw new Error(`The access key id ${accessKeyId} belongs to another principal.`);
    }
    this.#entries.set(accessKeyId, { credentials, principal });
  }

  /** What the owner of this access key id signs with; undefined for an unknown id. */
  findCredentials(accessKeyId: string): KnownCredentials | undefined {
    return this.#entries.get(accessKeyId)?.credentials;
  }

  /** Who owns this access key id; undefined for an unknown id. */
  find(accessKeyId: string): Principal | undefined {
    return this.#entries.get(accessKeyId)?.principal;
  }
}

/**
 * Makes functions known under the credentials that they were started with.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
export function addFunctions(
  principals: Principals,
  functions: Iterable<FunctionDefinition>,
  {
    credentials,
    region,
  }: {
    readonly credentials: (functionId: string) => Parameters<Principals["add"]>[1];
    readonly region: string;
  },
): void {
  for (const { logicalId, functionName, policies, role } of functions) {
    const roleName = role?.name ?? `${STACK_NAME}-${logicalId}Role`;
    const arn = assumedRoleArn(localAccount(region), roleName, functionName);
    principals.add(
      { kind: "function", functionId: logicalId, arn, policies },
      credentials(logicalId),
    );
  }
}

/**
 * The ARN of a function that acts under its execution role: Lambda names the assumed role after the function.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
function assumedRoleArn(account: Account, roleName: string, functionName: string): string {
  return `arn:${account.partition}:sts::${account.accountId}:assumed-role/${roleName}/${functionName}`;
}

/** The AWS account and the region of the gateway: what every ARN is made of. */
export interface Account {
  /** For example `aws`. */
  readonly partition: string;
  /** For example `us-east-1`. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/** The account of a gateway in this region; the ARNs of its template are made of it, too. */
export function localAccount(region: string): Account {
  return { partition: "aws", region, accountId: ACCOUNT_ID };
}
