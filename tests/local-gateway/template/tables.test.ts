import { invalid } from "./template-problems.ts";
import { readText, smallTemplate } from "./templates.ts";

const read = async (resources: string) => (await readText(smallTemplate({ resources }))).tables;

test("a table is created without what has calls of its own", async () => {
  const [table] = await read(`
  People:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - { AttributeName: id, AttributeType: S }
        - { AttributeName: town, AttributeType: S }
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      GlobalSecondaryIndexes:
        - IndexName: byTown
          KeySchema: [{ AttributeName: town, KeyType: HASH }]
          Projection: { ProjectionType: KEYS_ONLY }
      TimeToLiveSpecification: { AttributeName: expiresAt, Enabled: true }
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
      Tags: [{ Key: a, Value: b }]`);
  expect(table).toEqual({
    logicalId: "People",
    tableName: "people",
    place: {
      file: expect.stringMatching(/\/template\.yaml$/),
      line: 17,
      resource: "People",
    },
    timeToLive: "expiresAt",
    createTable: {
      TableName: "people",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "town", AttributeType: "S" },
      ],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byTown",
          KeySchema: [{ AttributeName: "town", KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    },
  });
});

test.each([
  ["", { AttributeName: "id", AttributeType: "S" }],
  [
    "Properties: { PrimaryKey: { Name: n, Type: Number } }",
    { AttributeName: "n", AttributeType: "N" },
  ],
])("a simple table has one key: %s", async (properties, attribute) => {
  const [table] = await read(`
  Things:
    Type: AWS::Serverless::SimpleTable
    ${properties}`);
  expect(table?.createTable).toMatchObject({
    TableName: "local-Things",
    AttributeDefinitions: [attribute],
    KeySchema: [{ AttributeName: attribute.AttributeName, KeyType: "HASH" }],
  });
});

test.each([
  ["", undefined],
  ["{ AttributeName: expiresAt, Enabled: false }", undefined],
  ['{ AttributeName: expiresAt, Enabled: "true" }', "expiresAt"],
])("the TimeToLiveSpecification %s gives the attribute %s", async (specification, attribute) => {
  const [table] = await read(`
  People:
    Type: AWS::DynamoDB::Table
    Properties: { KeySchema: [], TimeToLiveSpecification: ${specification || "!Ref AWS::NoValue"} }`);
  expect(table?.timeToLive).toBe(attribute);
});

test("a time to live without its attribute is an error", async () => {
  const resources = `
  People:
    Type: AWS::DynamoDB::Table
    Properties: { TimeToLiveSpecification: { Enabled: true } }`;
  await expect(read(resources)).rejects.toMatchObject(
    invalid("People, Properties.TimeToLiveSpecification.AttributeName: is missing"),
  );
});
