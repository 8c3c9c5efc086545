import { existingResources } from "./existing-resources.ts";
import { isRecord } from "./is-record.ts";
import type { PolicyStatement } from "./policy-statement.ts";
import { PropertyReader } from "./property-reader.ts";
import type { Scope } from "./scope.ts";

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

const TABLES = ["AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable"];

/**
 * The statements that SAM's connectors give a function for the template's tables, whether they are resources of their own
 * or stand in the function. Connectors to anything else give none: nothing here asks for what they permit.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
export function connectorStatements(scope: Scope, functionId: string): PolicyStatement[] {
  return connectorsOf(scope, functionId).flatMap((connector) => {
    const operations = connector.texts("Permissions").flatMap((name) => OPERATIONS.get(name) ?? []);
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    return connector.maps("Destination").flatMap((destination): PolicyStatement[] => {
      const tableId = destination.text("Id") ?? "";
      if (!TABLES.includes(scope.resources.get(tableId)?.type ?? "")) {
        return [];
      }
      const table = scope.attribute(tableId, "Arn", destination.path("Id"));
      return [{ effect: "Allow", actions, resources: [table, `${table}/index/*`] }];
    });
  });
}

function connectorsOf(scope: Scope, functionId: string): PropertyReader[] {
  const own = existingResources(scope, "AWS::Serverless::Connector")
    .map((connector): PropertyReader => PropertyReader.of(scope, connector))
    .filter((connector) => connector.map("Source").text("Id") === functionId);
  const { content } = scope.template;
  const resources = isRecord(content) && isRecord(content.Resources) ? content.Resources : {};
  const resource = resources[functionId];
  const path = ["Resources", functionId];
  const embedded: PropertyReader = new PropertyReader(
    scope,
    path,
    isRecord(resource) ? resource : {},
  );
  const connectors: PropertyReader = embedded.map("Connectors");
  return [...own, ...connectors.names.map((name) => connectors.map(name).map("Properties"))];
}
