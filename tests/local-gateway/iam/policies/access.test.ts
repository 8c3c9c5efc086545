import { DynamoDbAccess } from "../../../../local-gateway/iam/dynamodb-access.ts";
import { ManagementAccess } from "../../../../local-gateway/iam/management-access.ts";
import type { Principals } from "../../../../local-gateway/iam/principals.ts";
import type { PolicyStatement } from "../../../../local-gateway/template/known-policies.ts";
import { TEMPORARY } from "../../sigv4/create-verifier.ts";
import { signRequest } from "../../sigv4/sign-request.ts";
import { createPrincipals, FUNCTION_ARN } from "../support/create-principals.ts";

const REGION = "us-east-1";
const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/Connections";
const API = "arn:aws:execute-api:us-east-1:123456789012:k2v9xq41ab/live";
const CONNECTION = "Nq3xYd7RiYcCG4A=";

/** A function that may put items into the table, and post to connections. */
function relayFunction(...more: PolicyStatement[]): Principals {
  return createPrincipals(
    { effect: "Allow", actions: ["dynamodb:PutItem"], resources: [TABLE] },
    {
      effect: "Allow",
      actions: ["execute-api:ManageConnections"],
      resources: [`${API}/POST/@connections/*`],
    },
    ...more,
  );
}

interface Signing {
  readonly principals?: Principals;
  readonly credentials?: typeof TEMPORARY | { accessKeyId: string; secretAccessKey: string };
}

const DEVELOPER = { accessKeyId: "local", secretAccessKey: "local" };

async function askDynamoDb(
  operation: string,
  body: unknown,
  { principals = relayFunction(), credentials = TEMPORARY }: Signing = {},
) {
  const call = { service: "dynamodb", region: REGION, credentials, signedAt: new Date() };
  const request = await signRequest({ ...call, path: "/" });
  return new DynamoDbAccess({ region: REGION, principals }).authorize(request, { operation, body });
}

async function askManagement(
  method: string,
  { principals = relayFunction(), credentials = TEMPORARY }: Signing = {},
) {
  const request = await signRequest({ method, region: REGION, credentials, signedAt: new Date() });
  const api = { apiId: "k2v9xq41ab", stage: "live" };
  return new ManagementAccess({ api, region: REGION, principals }).authorize(request, CONNECTION);
}

/** A denial with this text for the caller. */
const denied = (Message: string) => ({
  ok: false,
  errorType: "AccessDeniedException",
  body: expect.stringContaining(JSON.stringify({ Message }).slice(1)),
});

const USER = `User: ${FUNCTION_ARN} is not authorized to perform:`;

test("a function is allowed what its policies allow", async () => {
  expect(await askDynamoDb("PutItem", { TableName: "Connections" })).toEqual({ ok: true });
  expect(await askManagement("POST")).toEqual({ ok: true });
});

test("the developer is allowed everything", async () => {
  const signing = { credentials: DEVELOPER };
  expect(await askDynamoDb("DeleteTable", { TableName: "x" }, signing)).toEqual({ ok: true });
  expect(await askManagement("DELETE", signing)).toEqual({ ok: true });
});

test("a call that needs no permission is allowed to a function without policies", async () => {
  const signing = { principals: createPrincipals() };
  expect(await askDynamoDb("PutItem", {}, signing)).toEqual({ ok: true });
});

test("the log names the connection of a denied call in the management API's own ARN", async () => {
  expect(await askManagement("POST", { principals: createPrincipals() })).toMatchObject({
    problem: `Fn may not execute-api:ManageConnections on ${API}/POST/@connections/${CONNECTION}: add it to the function's policies`,
  });
});

test("DynamoDB says that nothing allows a call", async () => {
  const text = `${USER} dynamodb:Scan on resource: ${TABLE} because no identity-based policy allows the dynamodb:Scan action`;
  expect(await askDynamoDb("Scan", { TableName: "Connections" })).toMatchObject(denied(text));
});

test("DynamoDB says that a Deny forbids a call", async () => {
  const principals = relayFunction({ effect: "Deny", actions: ["*"], resources: [TABLE] });
  const text = `${USER} dynamodb:PutItem on resource: ${TABLE} with an explicit deny in an identity-based policy`;
  const decision = await askDynamoDb("PutItem", { TableName: "Connections" }, { principals });
  expect(decision).toMatchObject(denied(text));
});

test("a denial names the first part of a transaction that is not allowed", async () => {
  const TransactItems = [
    { Put: { TableName: "Connections" } },
    { Put: { TableName: "Other" } },
    { Delete: { TableName: "Connections" } },
  ];
  expect(await askDynamoDb("TransactWriteItems", { TransactItems })).toMatchObject({
    ok: false,
    body: expect.stringMatching(/dynamodb:PutItem on resource: [^ ]*:table\/Other because/),
  });
});

test("API Gateway says that nothing allows a call, showing neither account nor connection", async () => {
  const resource =
    "arn:aws:execute-api:us-east-1:********9012:k2v9xq41ab/live/DELETE/@connections/{connectionId}";
  const text = `${USER} execute-api:ManageConnections on resource: ${resource}`;
  expect(await askManagement("DELETE")).toMatchObject(denied(text));
});

test("API Gateway says that a Deny forbids a call", async () => {
  const deny = { effect: "Deny", actions: ["execute-api:*"], resources: ["*"] } as const;
  const resource =
    "arn:aws:execute-api:us-east-1:********9012:k2v9xq41ab/live/POST/@connections/{connectionId}";
  const text = `${USER} execute-api:ManageConnections on resource: ${resource} with an explicit deny in an identity-based policy`;
  const decision = await askManagement("POST", { principals: relayFunction(deny) });
  expect(decision).toMatchObject(denied(text));
});
