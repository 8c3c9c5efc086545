import type { PolicyStatement } from "./policy-statement.ts";
import type { PropertyReader } from "./property-reader.ts";

/** What a statement may say; Sid is only its name. */
const MEMBERS = ["Sid", "Effect", "Action", "Resource"];

/**
 * Reads the statements of a policy document. Throws a TemplateError for one with a member that is not known here, such
 * as a condition: to leave it out would allow more or less than AWS does.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function readPolicyDocument(document: PropertyReader): PolicyStatement[] {
  return (
    document
      .maps("Statement")
      // One that Fn::If leaves out.
      .filter(({ names }) => names.length > 0)
      .map(readStatement)
  );
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
