import type { TemplatePath } from "./file.ts";
import { generatedResources } from "./generated-resources.ts";
import { leftOutLoops, UNSUPPORTED } from "./loops.ts";
import { LOCAL_RESOURCES, namePropertiesOf, placeholderFor } from "./resource-attributes.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { suggest } from "./suggestion.ts";
import { NO_VALUE } from "./values.ts";

/**
 * The value of `Fn::GetAtt`, or of `Ref` when `attribute` is undefined, for a resource of the template or one that SAM
 * generates from it.
 *
 * Throws a TemplateError when there is no such resource, its condition is false, or its type does not exist here and the
 * scope takes no placeholders.
 */
export function referToResource(
  scope: Scope,
  logicalId: string,
  attribute: string | undefined,
  path: TemplatePath,
): string {
  const resource = scope.resources.get(logicalId);
  if (resource === undefined) {
    const generated = generatedFor(scope, logicalId);
    const value = attribute === undefined ? generated.get(logicalId) : undefined;
    const [loop] = leftOutLoops(scope.template);
    if (value === undefined && loop !== undefined) {
      scope.unsupported(
        path,
        `there is no resource ${logicalId}, unless ${loop} makes it: ${UNSUPPORTED}`,
      );
    }
    const parameters = Object.keys(scope.template.section("Parameters"));
    const names = [...scope.resources.keys(), ...parameters, ...generated.keys()];
    return (
      value ?? scope.fail(path, `there is no resource ${logicalId}${suggest(logicalId, names)}`)
    );
  }
  const { type, condition } = resource;
  if (condition !== undefined && !scope.condition(condition, path)) {
    scope.fail(path, `${logicalId} does not exist, because its condition ${condition} is false`);
  }
  const deployed = () => ({ name: resourceName(scope, resource), logicalId, stack: scope.stack });
  const known = LOCAL_RESOURCES[type];
  if (known === undefined || isHttpApi(scope, resource)) {
    const problem = `${logicalId} is of the type ${type}, which does not exist here`;
    return scope.placeholder(path, problem, () => placeholderFor(type, attribute, deployed()));
  }
  const value = attribute === undefined ? known.ref : known.attributes[attribute];
  if (value !== undefined) {
    return value(deployed());
  }
  const generated = generatedFor(scope, logicalId).get(`${logicalId}.${attribute}`);
  return (
    generated ??
    scope.unsupported(path, `the attribute ${attribute} of ${logicalId} is not supported`)
  );
}

/** What SAM generates from the resources with whose logical ids a name begins. */
function generatedFor(scope: Scope, name: string): ReadonlyMap<string, string> {
  const owners = [...scope.resources].filter(([owner]) => name.startsWith(owner));
  return new Map(owners.flatMap(([, resource]) => [...generatedResources(scope, resource)]));
}

/** True for an `AWS::ApiGatewayV2::Api` that is an HTTP API. */
function isHttpApi(scope: Scope, { logicalId, type, properties }: TemplateResource): boolean {
  const path = ["Resources", logicalId, "Properties", "ProtocolType"];
  return (
    type === "AWS::ApiGatewayV2::Api" &&
    scope.resolve(properties.ProtocolType, path) !== "WEBSOCKET"
  );
}

/** The physical name of a resource: the one that its own property gives, or else `<stack>-<logical id>`. */
export function resourceName(
  scope: Scope,
  { logicalId, type, properties }: TemplateResource,
): string {
  for (const property of namePropertiesOf(type)) {
    const path = ["Resources", logicalId, "Properties", property];
    const name = scope.resolve(properties[property], path);
    if (typeof name === "string") {
      return name;
    }
    if (name !== undefined && name !== NO_VALUE) {
      scope.fail(path, "must be a string");
    }
  }
  return `${scope.stack.name}-${logicalId}`;
}
