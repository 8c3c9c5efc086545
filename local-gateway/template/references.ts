import { isRecord } from "./is-record.ts";
import type { Scope } from "./scope.ts";

/**
 * The logical ids of the resources that CloudFormation creates before a resource, because it depends on them or refers
 * to them, directly or by way of others.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 */
export function resourcesBefore(scope: Scope, logicalId: string): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [logicalId];
  for (const id of pending) {
    const resource = scope.resources.get(id);
    const names = resource ? [...resource.dependsOn, ...namesIn(resource.properties)] : [];
    for (const name of names) {
      if (scope.resources.has(name) && !found.has(name)) {
        found.add(name);
        pending.push(name);
      }
    }
  }
  return found;
}

/** The names to which Ref, Fn::GetAtt and Fn::Sub refer in a value, those of parameters too. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(namesIn);
  }
  if (!isRecord(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, argument]) => {
    const [first] = [argument].flat();
    const names = typeof first === "string" ? namesOf(key, first) : [];
    return [...names, ...namesIn(argument)];
  });
}

function namesOf(functionName: string, text: string): string[] {
  switch (functionName) {
    case "Ref":
      return [text];
    case "Fn::GetAtt":
      return text.split(".", 1);
    case "Fn::Sub":
      return Array.from(text.matchAll(/\$\{([^!}.][^}.]*)/g), ([, name = ""]) => name.trim());
    default:
      return [];
  }
}
