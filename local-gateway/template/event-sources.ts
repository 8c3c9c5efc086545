import { attempt, locate } from "./error.ts";
import type { TemplatePath } from "./file.ts";
import type { FunctionDefinition } from "./functions.ts";
import { namesIn } from "./names.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import { eventsOf, HTTP_EVENTS } from "./sam-events.ts";
import type { Scope, TemplateResource } from "./scope.ts";

/** What invokes a function on AWS and never does so here. */
export interface EventSource {
  readonly functionId: string;
  readonly functionName: string;
  /** The line, the resource and the property that describe it. */
  readonly place: string;
  /** For example `DynamoDB`, or `Orders (AWS::SQS::Queue)`. */
  readonly source: string;
}

/**
 * Lists what would invoke the functions that run here, other than APIs and other functions: the events of SAM's functions,
 * event source mappings, schedules and pipes, and the services that have a permission.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
 */
export function readEventSources(
  scope: Scope,
  functions: ReadonlyMap<string, FunctionDefinition>,
): readonly EventSource[] {
  const found = [
    ...[...functions.values()].flatMap((definition) => samEvents(scope, definition)),
    ...resourceEvents(scope, functions),
  ];
  return found.map(({ definition: { logicalId, functionName }, path, source }) => ({
    functionId: logicalId,
    functionName,
    source,
    place: locate(scope.template.place(path), ""),
  }));
}

interface FoundSource {
  readonly definition: FunctionDefinition;
  readonly path: TemplatePath;
  readonly source: string;
}

function samEvents(scope: Scope, definition: FunctionDefinition): FoundSource[] {
  return eventsOf(scope, definition.logicalId).flatMap(({ type, path }) =>
    HTTP_EVENTS.has(type) ? [] : [{ definition, path, source: type }],
  );
}

/** The types of resources that invoke a function: which function, and on whose behalf. */
const INVOKERS: ReadonlyMap<
  string,
  { readonly target: readonly string[]; readonly source: readonly string[] }
> = new Map([
  ["AWS::Lambda::EventSourceMapping", { target: ["FunctionName"], source: ["EventSourceArn"] }],
  ["AWS::Lambda::Permission", { target: ["FunctionName"], source: ["SourceArn"] }],
  ["AWS::Scheduler::Schedule", { target: ["Target", "Arn"], source: [] }],
  ["AWS::Pipes::Pipe", { target: ["Target"], source: ["Source"] }],
]);

function resourceEvents(
  scope: Scope,
  functions: ReadonlyMap<string, FunctionDefinition>,
): FoundSource[] {
  return [...INVOKERS].flatMap(([type, { target, source }]) =>
    existingResources(scope, type).flatMap((resource) => {
      const definition = functionIn(valueAt(resource, target), functions);
      const invoker = type === "AWS::Lambda::Permission" ? serviceOf(scope, resource) : type;
      if (definition === undefined || invoker === undefined) {
        return [];
      }
      const [sourceId = ""] = namesIn(valueAt(resource, source));
      const sourceType = scope.resources.get(sourceId)?.type;
      const path = ["Resources", resource.logicalId];
      const described = sourceType === undefined ? invoker : `${sourceId} (${sourceType})`;
      return [{ definition, path, source: described }];
    }),
  );
}

function valueAt({ properties }: TemplateResource, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    path.length === 0 ? undefined : properties,
  );
}

/** The function that a value names, or to which it refers. */
function functionIn(
  value: unknown,
  functions: ReadonlyMap<string, FunctionDefinition>,
): FunctionDefinition | undefined {
  const names = namesIn(value);
  return [...functions.values()].find(
    ({ logicalId, functionName }) =>
      names.includes(logicalId) ||
      (typeof value === "string" && value.split(":").includes(functionName)),
  );
}

/** The service that a permission allows to invoke a function; undefined for API Gateway and for accounts. */
function serviceOf(scope: Scope, permission: TemplateResource): string | undefined {
  const principal = attempt(() => PropertyReader.of(scope, permission).string("Principal"));
  const service = principal.ok ? principal.value : undefined;
  return service?.endsWith(".amazonaws.com") && !service.startsWith("apigateway.")
    ? service
    : undefined;
}
