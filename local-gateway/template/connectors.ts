import type { PolicyStatement } from "./known-policies.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import type { Scope } from "./scope.ts";
import { isRecord } from "./values.ts";

/** What each permission of a connector from a function to a table allows. */
const OPERATIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Read", ["GetItem", "Query", "Scan", "BatchGetItem", "ConditionCheckItem", "PartiQLSelect"]],
  [
    "Write",
    [
      ...["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"],
      ...["PartiQLDelete", "PartiQLInsert", "PartiQLUpdate"],
    ],
  ],
]);

/** What a connector with these permissions allows on the resource with this ARN. */
type Destination = (arn: string, permissions: readonly string[]) => PolicyStatement[];

const DESTINATIONS: ReadonlyMap<string, Destination> = new Map([
  ["AWS::DynamoDB::Table", useTable],
  ["AWS::Serverless::SimpleTable", useTable],
  ["AWS::Lambda::Function", invokeFunction],
  ["AWS::Serverless::Function", invokeFunction],
]);

/**
 * The statements that SAM's connectors give a function for the template's tables and functions, whether they are
 * resources of their own or inside the function. Connectors to anything else give none: nothing here checks what they
 * permit.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
export function connectorStatements(scope: Scope, functionId: string): PolicyStatement[] {
  return connectorsOf(scope, functionId).flatMap((connector) => {
    const permissions = connector.strings("Permissions");
    return connector.maps("Destination").flatMap((destination) => {
      const logicalId = destination.string("Id") ?? "";
      const allow = DESTINATIONS.get(scope.resources.get(logicalId)?.type ?? "");
      return allow?.(scope.attribute(logicalId, "Arn", destination.path("Id")), permissions) ?? [];
    });
  });
}

function useTable(arn: string, permissions: readonly string[]): PolicyStatement[] {
  const operations = permissions.flatMap((name) => OPERATIONS.get(name) ?? []);
  const actions = operations.map((operation) => `dynamodb:${operation}`);
  return [{ effect: "Allow", actions, resources: [arn, `${arn}/index/*`] }];
}

function invokeFunction(arn: string, permissions: readonly string[]): PolicyStatement[] {
  const actions = ["lambda:InvokeAsync", "lambda:InvokeFunction"];
  return permissions.includes("Write") ? [{ effect: "Allow", actions, resources: [arn] }] : [];
}

/** The connectors that begin at a resource: those that are resources of their own, and those inside it. */
export function connectorsOf(scope: Scope, sourceId: string): PropertyReader[] {
  const own = existingResources(scope, "AWS::Serverless::Connector")
    .map((connector): PropertyReader => PropertyReader.of(scope, connector))
    .filter((connector) => connector.map("Source").string("Id") === sourceId);
  const resource = scope.template.section("Resources")[sourceId];
  const path = ["Resources", sourceId];
  const embedded: PropertyReader = new PropertyReader(
    scope,
    path,
    isRecord(resource) ? resource : {},
  );
  const connectors: PropertyReader = embedded.map("Connectors");
  return [...own, ...connectors.names.map((name) => connectors.map(name).map("Properties"))];
}
