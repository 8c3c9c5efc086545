import { DynamoDbAccess } from "../../../../local-gateway/iam/dynamodb-access.ts";
import type { PolicyStatement } from "../../../../local-gateway/template/known-policies.ts";
import { TEMPORARY } from "../../sigv4/create-verifier.ts";
import { signRequest } from "../../sigv4/sign-request.ts";
import { createPrincipals } from "../support/create-principals.ts";

const REGION = "eu-west-1";
const TABLES = "arn:aws:dynamodb:eu-west-1:123456789012:table";

/** What a call needs, as `action resource`: each thing that a function is denied until a policy allows it. */
async function needed(operation: string, body: unknown): Promise<string[]> {
  const signing = { service: "dynamodb", region: REGION, credentials: TEMPORARY };
  const request = await signRequest({ ...signing, path: "/", signedAt: new Date() });
  const policies: PolicyStatement[] = [];
  const denied: string[] = [];
  for (;;) {
    const access = new DynamoDbAccess({
      region: REGION,
      principals: createPrincipals(...policies),
    });
    const decision = access.authorize(request, { operation, body });
    if (decision.ok) {
      return denied;
    }
    const [, action = "", resource = ""] =
      /^Fn may not (\S+) on (\S+): add it to the function's policies$/.exec(decision.problem) ?? [];
    expect(denied).not.toContain(`${action} ${resource}`);
    denied.push(`${action} ${resource}`);
    policies.push({ effect: "Allow", actions: [action], resources: [resource] });
  }
}

describe("a call of DynamoDB", () => {
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
  ])("%s needs its action on the table", async (operation) => {
    expect(await needed(operation, { TableName: "t" })).toEqual([
      `dynamodb:${operation} ${TABLES}/t`,
    ]);
  });

  test.each(["Query", "Scan"])(
    "%s needs its action on the index that it reads",
    async (operation) => {
      expect(await needed(operation, { TableName: "t", IndexName: "byUser" })).toEqual([
        `dynamodb:${operation} ${TABLES}/t/index/byUser`,
      ]);
    },
  );

  test("needs no index that the operation does not read", async () => {
    expect(await needed("PutItem", { TableName: "t", IndexName: "byUser" })).toEqual([
      `dynamodb:PutItem ${TABLES}/t`,
    ]);
  });

  test("takes the ARN of anything else for a table of that name", async () => {
    expect(await needed("GetItem", { TableName: "arn:aws:s3:::table/t" })).toEqual([
      `dynamodb:GetItem ${TABLES}/arn:aws:s3:::table/t`,
    ]);
  });

  test("takes the ARN of a table for its name, in another account too", async () => {
    const TableName = "arn:aws:dynamodb:us-east-1:210987654321:table/other";
    expect(await needed("GetItem", { TableName })).toEqual([`dynamodb:GetItem ${TableName}`]);
    expect(await needed("Query", { TableName, IndexName: "i" })).toEqual([
      `dynamodb:Query ${TableName}/index/i`,
    ]);
  });

  test.each(["BatchGetItem", "BatchWriteItem"])(
    "%s needs its action on each table",
    async (operation) => {
      const RequestItems = { a: [{ PutRequest: {} }], [`${TABLES}/b`]: { Keys: [] } };
      expect(await needed(operation, { RequestItems })).toEqual([
        `dynamodb:${operation} ${TABLES}/a`,
        `dynamodb:${operation} ${TABLES}/b`,
      ]);
    },
  );

  test("needs the actions of the parts of a transaction that writes", async () => {
    const TransactItems = [
      { Put: { TableName: "a" } },
      { Update: { TableName: "b" } },
      { Delete: { TableName: "c" } },
      { ConditionCheck: { TableName: `${TABLES}/d` } },
    ];
    expect(await needed("TransactWriteItems", { TransactItems })).toEqual([
      `dynamodb:PutItem ${TABLES}/a`,
      `dynamodb:UpdateItem ${TABLES}/b`,
      `dynamodb:DeleteItem ${TABLES}/c`,
      `dynamodb:ConditionCheckItem ${TABLES}/d`,
    ]);
  });

  test("needs the actions of the parts of a transaction that reads", async () => {
    const TransactItems = [{ Get: { TableName: "a" } }, { Get: { TableName: "b" } }];
    expect(await needed("TransactGetItems", { TransactItems })).toEqual([
      `dynamodb:GetItem ${TABLES}/a`,
      `dynamodb:GetItem ${TABLES}/b`,
    ]);
  });

  test.each(["TagResource", "UntagResource", "ListTagsOfResource"])(
    "%s needs its action on the resource, whatever table is named too",
    async (operation) => {
      expect(await needed(operation, { ResourceArn: `${TABLES}/a`, TableName: "b" })).toEqual([
        `dynamodb:${operation} ${TABLES}/a`,
      ]);
    },
  );

  test.each(["ListTables", "DescribeLimits", "ExecuteStatement"])(
    "%s needs its action on everything, whatever table is named",
    async (operation) => {
      expect(await needed(operation, { TableName: "b" })).toEqual([`dynamodb:${operation} *`]);
    },
  );

  test.each([undefined, null, 5, "text", [], {}, { TableName: 5, RequestItems: null }])(
    "with the body %j is left to DynamoDB",
    async (body) => {
      for (const operation of ["PutItem", "BatchGetItem", "TransactGetItems", "TagResource"]) {
        expect(await needed(operation, body)).toEqual([]);
      }
    },
  );

  test.each([[[null, 5, "text"]], [[{ Put: null }]], [[{ Put: { TableName: 5 } }]], [{}]])(
    "with the transaction %j is left to DynamoDB",
    async (TransactItems) => {
      expect(await needed("TransactWriteItems", { TransactItems })).toEqual([]);
    },
  );
});
