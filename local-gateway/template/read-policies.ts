import type { PolicyStatement } from "./policy-statement.ts";
import type { PropertyReader } from "./property-reader.ts";

/** What a statement may say; Sid is only its name. */
const MEMBERS = ["Sid", "Effect", "Action", "Resource"];

/**
 * Reads the inline statements of a function's Policies. What has its statements elsewhere, a managed policy of AWS or a
 * policy template of SAM, is left out.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
 */
export function readPolicies(properties: PropertyReader): readonly PolicyStatement[] {
  return properties
    .maps("Policies")
    .flatMap((policy) => policy.maps("Statement"))
    .map(readStatement);
}

function readStatement(statement: PropertyReader): PolicyStatement {
  const unknown = statement.names.find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) {
    statement.fail(unknown, "is not known here");
  }
  const effect = statement.text("Effect");
  if (effect !== "Allow" && effect !== "Deny") {
    statement.fail("Effect", "must be Allow or Deny");
  }
  return { effect, actions: statement.texts("Action"), resources: statement.texts("Resource") };
}
