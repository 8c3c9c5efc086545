import { Principals } from "../../../../local-gateway/iam/principals.ts";
import type { PolicyStatement } from "../../../../local-gateway/template/known-policies.ts";
import { TEMPORARY } from "../../sigv4/create-verifier.ts";

/** What the function is called when it is denied something. */
export const FUNCTION_ARN = "arn:aws:sts::123456789012:assumed-role/app-FnRole/app-Fn";

/** The developer, and one function with the temporary credentials of the tests and these policies. */
export function createPrincipals(...policies: PolicyStatement[]): Principals {
  const principals = new Principals();
  principals.add({ kind: "function", functionId: "Fn", arn: FUNCTION_ARN, policies }, TEMPORARY);
  return principals;
}
