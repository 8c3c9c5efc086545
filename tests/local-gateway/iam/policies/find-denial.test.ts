import { dynamodbPermissions } from "../../../../local-gateway/iam/dynamodb-access.ts";
import {
  managementDenialMessage,
  managementPermission,
} from "../../../../local-gateway/iam/management-access.ts";
import { denialMessage, findDenial } from "../../../../local-gateway/iam/policy.ts";
import { assumedRoleArn, type Principal } from "../../../../local-gateway/iam/principals.ts";
import type { PolicyStatement } from "../../../../local-gateway/template/known-policies.ts";

const ACCOUNT = { partition: "aws", region: "us-east-1", accountId: "123456789012" };
const USER = "User: arn:aws:sts::123456789012:assumed-role/app-RelayFunctionRole/app-RelayFunction";
const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/Connections";
const API = "arn:aws:execute-api:us-east-1:123456789012:k2v9xq41ab/live";

/** A function that may put items into the table, and post to connections. */
function relayFunction(...more: PolicyStatement[]): Principal {
  return {
    kind: "function",
    functionId: "RelayFunction",
    arn: assumedRoleArn(ACCOUNT, "app-RelayFunctionRole", "app-RelayFunction"),
    policies: [
      { effect: "Allow", actions: ["dynamodb:PutItem"], resources: [TABLE] },
      {
        effect: "Allow",
        actions: ["execute-api:ManageConnections"],
        resources: [`${API}/POST/@connections/*`],
      },
      ...more,
    ],
  };
}

function managementCall(method: string) {
  const call = { apiId: "k2v9xq41ab", stage: "live", method, connectionId: "Nq3xYd7RiYcCG4A=" };
  return managementPermission(call, ACCOUNT);
}

function rejectDynamoDb(principal: Principal, operation: string, body: object) {
  const denial = findDenial(principal, dynamodbPermissions(operation, body, ACCOUNT));
  return denial && denialMessage(denial);
}

function rejectManagement(principal: Principal, method: string) {
  const denial = findDenial(principal, [managementCall(method)]);
  return denial && managementDenialMessage(denial);
}

describe("findDenial", () => {
  test("finds none for what a function may do", () => {
    expect(
      rejectDynamoDb(relayFunction(), "PutItem", { TableName: "Connections" }),
    ).toBeUndefined();
    expect(rejectManagement(relayFunction(), "POST")).toBeUndefined();
  });

  test("finds none for the developer, who may do everything", () => {
    expect(
      rejectDynamoDb({ kind: "developer" }, "DeleteTable", { TableName: "x" }),
    ).toBeUndefined();
    expect(rejectManagement({ kind: "developer" }, "DELETE")).toBeUndefined();
  });

  test("finds none when there is nothing to permit", () => {
    expect(findDenial(relayFunction(), [])).toBeUndefined();
  });

  test("names the resource of the call in the management API's own ARN", () => {
    expect(managementCall("POST")).toEqual({
      action: "execute-api:ManageConnections",
      resource: `${API}/POST/@connections/Nq3xYd7RiYcCG4A=`,
    });
  });

  test("says in DynamoDB's words that nothing allows a call", () => {
    expect(rejectDynamoDb(relayFunction(), "Scan", { TableName: "Connections" })).toBe(
      `${USER} is not authorized to perform: dynamodb:Scan on resource: ${TABLE} because no identity-based policy allows the dynamodb:Scan action`,
    );
  });

  test("says in DynamoDB's words that a call is denied", () => {
    const principal = relayFunction({ effect: "Deny", actions: ["*"], resources: [TABLE] });
    expect(rejectDynamoDb(principal, "PutItem", { TableName: "Connections" })).toBe(
      `${USER} is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} with an explicit deny in an identity-based policy`,
    );
  });

  test("names the first part of a call that is not allowed", () => {
    const TransactItems = [
      { Put: { TableName: "Connections" } },
      { Put: { TableName: "Other" } },
      { Delete: { TableName: "Connections" } },
    ];
    expect(rejectDynamoDb(relayFunction(), "TransactWriteItems", { TransactItems })).toMatch(
      /dynamodb:PutItem on resource: [^ ]*:table\/Other because/,
    );
  });

  test("says in API Gateway's words that nothing allows a call, showing no connection", () => {
    expect(rejectManagement(relayFunction(), "DELETE")).toBe(
      `${USER} is not authorized to perform: execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:********9012:k2v9xq41ab/live/DELETE/@connections/{connectionId}`,
    );
  });

  test("says in API Gateway's words that a call is denied", () => {
    const principal = relayFunction({
      effect: "Deny",
      actions: ["execute-api:*"],
      resources: ["*"],
    });
    expect(rejectManagement(principal, "POST")).toBe(
      `${USER} is not authorized to perform: execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:********9012:k2v9xq41ab/live/POST/@connections/{connectionId} with an explicit deny in an identity-based policy`,
    );
  });
});
