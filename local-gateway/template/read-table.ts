import { isRecord } from "./is-record.ts";
import { NO_VALUE } from "./no-value.ts";
import { PropertyReader } from "./property-reader.ts";
import { resourceName } from "./resource-name.ts";
import type { Scope } from "./scope.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { TemplateResource } from "./template-resource.ts";

/**
 * The properties of an `AWS::DynamoDB::Table` that are parts of CreateTable's body too. The others are set by calls of
 * their own and change nothing that runs here.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
const CREATE_TABLE_MEMBERS = [
  "AttributeDefinitions",
  "KeySchema",
  "BillingMode",
  "ProvisionedThroughput",
  "GlobalSecondaryIndexes",
  "LocalSecondaryIndexes",
];

/** Reads an `AWS::DynamoDB::Table`. */
export function readTable(scope: Scope, resource: TemplateResource): TableDefinition {
  const { logicalId, properties } = resource;
  const path = ["Resources", logicalId, "Properties"];
  const tableName = resourceName(scope, resource);
  const createTable: Record<string, unknown> = { TableName: tableName };
  for (const member of CREATE_TABLE_MEMBERS) {
    const resolved = scope.resolve(properties[member], [...path, member]);
    if (resolved !== undefined && resolved !== NO_VALUE) {
      createTable[member] = withNumbers(resolved);
    }
  }
  const place = scope.template.locate(["Resources", logicalId], "");
  const timeToLive = readTimeToLive(PropertyReader.of(scope, resource));
  return {
    logicalId,
    tableName,
    place,
    createTable,
    ...(timeToLive !== undefined && { timeToLive }),
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-dynamodb-table-timetolivespecification.html */
function readTimeToLive(table: PropertyReader): string | undefined {
  const specification: PropertyReader = table.map("TimeToLiveSpecification");
  return specification.text("Enabled") === "true"
    ? specification.requiredText("AttributeName")
    : undefined;
}

/** The same with its capacity units as numbers, which the values of parameters are not. */
function withNumbers(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withNumbers);
  }
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          key.endsWith("CapacityUnits") ? Number(item) : withNumbers(item),
        ]),
      )
    : value;
}
