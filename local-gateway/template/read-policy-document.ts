import type { PolicyStatement } from "./policy-statement.ts";
import type { PropertyReader } from "./property-reader.ts";
import { TemplateError } from "./template-error.ts";

/** The services that ask here what a function may do; an action may leave the service open with `*`. */
const ASKING = /^(dynamodb|execute-api|[^:]*[*?][^:]*)(:|$)/i;

/** What a statement may say; Sid is only its name. */
const MEMBERS = ["Sid", "Effect", "Action", "Resource"];

/**
 * Reads the statements of a policy document. Throws a TemplateError for one with a member that is not known here, such
 * as a condition: to leave it out would allow more or less than AWS does. Of a statement about other services alone, what
 * is not known here does not matter; then the statement is left out.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function readPolicyDocument(document: PropertyReader): PolicyStatement[] {
  return (
    document
      .maps("Statement")
      // One that Fn::If leaves out.
      .filter(({ names }) => names.length > 0)
      .flatMap(readStatementOf)
  );
}

function readStatementOf(statement: PropertyReader): PolicyStatement[] {
  try {
    return [readStatement(statement)];
  } catch (error) {
    if (error instanceof TemplateError && isAboutOthers(statement)) {
      return [];
    }
    throw error;
  }
}

function isAboutOthers(statement: PropertyReader): boolean {
  const actions = statement.texts("Action");
  return actions.length > 0 && actions.every((action) => !ASKING.test(action));
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
