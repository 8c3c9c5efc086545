import { PropertyReader } from "./reader.ts";
import { resourceName } from "./references.ts";
import { isRecord, NO_VALUE, type Scope, type TemplateResource } from "./scope.ts";

/** One DynamoDB table of a template. */
export interface TableDefinition {
  readonly logicalId: string;
  readonly tableName: string;
  /** The file, the line and the logical id, to begin an error about it with. */
  readonly place: string;
  /** The body of DynamoDB's CreateTable call that makes this table. */
  readonly createTable: Readonly<Record<string, unknown>>;
  /** The attribute with the time at which an item expires; absent when items do not expire. */
  readonly timeToLive?: string;
}

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

const KEY_TYPES: Readonly<Record<string, string>> = { String: "S", Number: "N", Binary: "B" };

/**
 * Reads an `AWS::Serverless::SimpleTable`, whose one key is called id and is a text unless the template says otherwise.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
 */
export function readSimpleTable(scope: Scope, resource: TemplateResource): TableDefinition {
  const key: PropertyReader = PropertyReader.of(scope, resource).map("PrimaryKey");
  const AttributeName = key.text("Name") ?? "id";
  const AttributeType = KEY_TYPES[key.text("Type") ?? "String"];
  if (AttributeType === undefined) {
    key.fail("Type", "must be String, Number or Binary");
  }
  const tableName = resourceName(scope, resource);
  return {
    logicalId: resource.logicalId,
    tableName,
    place: scope.template.locate(["Resources", resource.logicalId], ""),
    createTable: {
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName, AttributeType }],
      KeySchema: [{ AttributeName, KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    },
  };
}
