import type { TemplatePlace } from "./error.ts";
import { PropertyReader } from "./reader.ts";
import { resourceName } from "./references.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { isRecord, NO_VALUE } from "./values.ts";

/** One DynamoDB table of a template. */
export interface TableDefinition {
  readonly logicalId: string;
  readonly tableName: string;
  /** Where an error about the table points to. */
  readonly place: TemplatePlace;
  /** The body of DynamoDB's CreateTable call that makes this table. */
  readonly createTable: Readonly<Record<string, unknown>>;
  /** The attribute with the time at which an item expires; absent when items do not expire. */
  readonly timeToLive?: string;
}

/**
 * The properties of an `AWS::DynamoDB::Table` that are parts of CreateTable's body too. The others are set by other
 * calls and change nothing here.
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

/** Reads the tables of a template, of CloudFormation and of SAM. Throws a TemplateError for one that is wrong. */
export function readTables(scope: Scope): readonly TableDefinition[] {
  const tables = existingResources(scope, "AWS::DynamoDB::Table");
  const simpleTables = existingResources(scope, "AWS::Serverless::SimpleTable");
  return [
    ...tables.map((table) => readTable(scope, table)),
    ...simpleTables.map((table) => readSimpleTable(scope, table)),
  ];
}

function readTable(scope: Scope, resource: TemplateResource): TableDefinition {
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
  const place = scope.template.place(["Resources", logicalId]);
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
  return specification.string("Enabled") === "true"
    ? specification.requiredString("AttributeName")
    : undefined;
}

/** The same with its capacity units as numbers: the values of parameters are strings. */
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

const KEY_TYPES: Readonly<Record<string, string>> = { String: "S", Number: "N", Binary: "B" };

/**
 * Reads an `AWS::Serverless::SimpleTable`, whose one key is the string `id` by default.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
 */
function readSimpleTable(scope: Scope, resource: TemplateResource): TableDefinition {
  const key: PropertyReader = PropertyReader.of(scope, resource).map("PrimaryKey");
  const AttributeName = key.string("Name") ?? "id";
  const AttributeType = KEY_TYPES[key.string("Type") ?? "String"];
  if (AttributeType === undefined) {
    key.fail("Type", "must be String, Number or Binary");
  }
  const tableName = resourceName(scope, resource);
  return {
    logicalId: resource.logicalId,
    tableName,
    place: scope.template.place(["Resources", resource.logicalId]),
    createTable: {
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName, AttributeType }],
      KeySchema: [{ AttributeName, KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    },
  };
}
