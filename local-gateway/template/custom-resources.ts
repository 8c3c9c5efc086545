import { attempt } from "./error.ts";
import { PropertyReader } from "./reader.ts";
import type { Scope } from "./scope.ts";

const CUSTOM_RESOURCE = /^(Custom::|AWS::CloudFormation::CustomResource$)/;

/**
 * The logical ids of the functions that handle the template's custom resources. CloudFormation invokes them in the middle of a
 * deployment, which there is none of here. CDK brings such functions with it, for example one that empties a bucket.
 *
 * @param functionIds the logical ids of the template's functions, by ARN
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export function customResourceHandlers(
  scope: Scope,
  functionIds: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const handlers = new Set<string>();
  for (const resource of scope.resources.values()) {
    if (CUSTOM_RESOURCE.test(resource.type)) {
      // It may also be a topic or a function of another stack, for which there may be no value here.
      const token = attempt(() => PropertyReader.of(scope, resource).string("ServiceToken"));
      const functionId = token.ok ? functionIds.get(token.value ?? "") : undefined;
      if (functionId !== undefined) {
        handlers.add(functionId);
      }
    }
  }
  return handlers;
}
