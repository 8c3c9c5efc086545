import { dynamodbPermissions } from "../../../../local-gateway/iam/dynamodb-access.ts";

const ACCOUNT = { partition: "aws", region: "eu-west-1", accountId: "123456789012" };
const TABLES = "arn:aws:dynamodb:eu-west-1:123456789012:table";

/** What a call needs, as `action resource`. */
function needed(operation: string, body: unknown): string[] {
  return dynamodbPermissions(operation, body, ACCOUNT).map(
    ({ action, resource }) => `${action} ${resource}`,
  );
}

describe("dynamodbPermissions", () => {
  test.each([
    "CreateTable",
    "DeleteItem",
    "DeleteTable",
    "DescribeTable",
    "DescribeTimeToLive",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
    "UpdateTable",
    "UpdateTimeToLive",
  ])("asks for %s on its table", (operation) => {
    expect(needed(operation, { TableName: "t" })).toEqual([`dynamodb:${operation} ${TABLES}/t`]);
  });

  test.each(["Query", "Scan"])("asks for %s on the index that it reads", (operation) => {
    expect(needed(operation, { TableName: "t", IndexName: "byUser" })).toEqual([
      `dynamodb:${operation} ${TABLES}/t/index/byUser`,
    ]);
  });

  test("does not ask for an index that the operation does not read", () => {
    expect(needed("PutItem", { TableName: "t", IndexName: "byUser" })).toEqual([
      `dynamodb:PutItem ${TABLES}/t`,
    ]);
  });

  test("takes the ARN of anything else for a table of that name", () => {
    expect(needed("GetItem", { TableName: "arn:aws:s3:::table/t" })).toEqual([
      `dynamodb:GetItem ${TABLES}/arn:aws:s3:::table/t`,
    ]);
  });

  test("takes the ARN of a table for its name, in another account too", () => {
    const TableName = "arn:aws:dynamodb:us-east-1:210987654321:table/other";
    expect(needed("GetItem", { TableName })).toEqual([`dynamodb:GetItem ${TableName}`]);
    expect(needed("Query", { TableName, IndexName: "i" })).toEqual([
      `dynamodb:Query ${TableName}/index/i`,
    ]);
  });

  test.each(["BatchGetItem", "BatchWriteItem"])("asks for %s on each table", (operation) => {
    const RequestItems = { a: [{ PutRequest: {} }], [`${TABLES}/b`]: { Keys: [] } };
    expect(needed(operation, { RequestItems })).toEqual([
      `dynamodb:${operation} ${TABLES}/a`,
      `dynamodb:${operation} ${TABLES}/b`,
    ]);
  });

  test("asks for the parts of a transaction that writes", () => {
    const TransactItems = [
      { Put: { TableName: "a" } },
      { Update: { TableName: "b" } },
      { Delete: { TableName: "c" } },
      { ConditionCheck: { TableName: `${TABLES}/d` } },
    ];
    expect(needed("TransactWriteItems", { TransactItems })).toEqual([
      `dynamodb:PutItem ${TABLES}/a`,
      `dynamodb:UpdateItem ${TABLES}/b`,
      `dynamodb:DeleteItem ${TABLES}/c`,
      `dynamodb:ConditionCheckItem ${TABLES}/d`,
    ]);
  });

  test("asks for the parts of a transaction that reads", () => {
    const TransactItems = [{ Get: { TableName: "a" } }, { Get: { TableName: "b" } }];
    expect(needed("TransactGetItems", { TransactItems })).toEqual([
      `dynamodb:GetItem ${TABLES}/a`,
      `dynamodb:GetItem ${TABLES}/b`,
    ]);
  });

  test.each(["TagResource", "UntagResource", "ListTagsOfResource"])(
    "asks for %s on the resource, whatever table is named beside it",
    (operation) => {
      expect(needed(operation, { ResourceArn: `${TABLES}/a`, TableName: "b" })).toEqual([
        `dynamodb:${operation} ${TABLES}/a`,
      ]);
    },
  );

  test.each(["ListTables", "DescribeLimits", "ExecuteStatement"])(
    "asks for %s on everything, whatever table is named",
    (operation) => {
      expect(needed(operation, { TableName: "b" })).toEqual([`dynamodb:${operation} *`]);
    },
  );

  test.each([undefined, null, 5, "text", [], {}, { TableName: 5, RequestItems: null }])(
    "leaves the body %j to DynamoDB",
    (body) => {
      for (const operation of ["PutItem", "BatchGetItem", "TransactGetItems", "TagResource"]) {
        expect(needed(operation, body)).toEqual([]);
      }
    },
  );

  test.each([[[null, 5, "text"]], [[{ Put: null }]], [[{ Put: { TableName: 5 } }]], [{}]])(
    "leaves the transaction %j to DynamoDB",
    (TransactItems) => {
      expect(needed("TransactWriteItems", { TransactItems })).toEqual([]);
    },
  );
});
