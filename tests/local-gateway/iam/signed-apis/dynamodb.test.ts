import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { startDatabase } from "../../dynamodb/start-database.ts";
import { TEMPORARY } from "../../sigv4/create-verifier.ts";
import { signRequest } from "../../sigv4/sign-request.ts";
import { type SignedFetchOptions, signedFetch } from "../../support/signed-fetch.ts";
import { createPrincipals, FUNCTION_ARN } from "../support/create-principals.ts";
import { WRONG_CREDENTIALS } from "../support/wrong-credentials.ts";

const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/people";
const ANNA = { id: { S: "anna" }, town: { S: "Bern" } };
const put = new PutItemCommand({ TableName: "people", Item: ANNA });
const get = new GetItemCommand({ TableName: "people", Key: { id: ANNA.id } });
const query = new QueryCommand({
  TableName: "people",
  IndexName: "byTown",
  KeyConditionExpression: "town = :town",
  ExpressionAttributeValues: { ":town": ANNA.town },
});
const batch = new BatchWriteItemCommand({
  RequestItems: { people: [{ PutRequest: { Item: ANNA } }] },
});

const allow = (resource: string, ...actions: string[]) =>
  ({ effect: "Allow", actions, resources: [resource] }) as const;

const HEADERS = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": "DynamoDB_20120810.ListTables",
};

function listTables(url: string, options: SignedFetchOptions = {}): Promise<Response> {
  const call = { method: "POST", body: "{}", headers: HEADERS };
  return signedFetch(url, { ...call, service: "dynamodb", region: "us-east-1", ...options });
}

describe("DynamoDB rejects", () => {
  test("a call that is not signed", async () => {
    const denials: unknown[] = [];
    await using people = await startDatabase({
      onDenied: (...denial) => denials.push(denial),
    });
    const { url } = people.database;
    const response = await fetch(url, { method: "POST", headers: HEADERS, body: "{}" });
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.0");
    expect(await response.json()).toEqual({
      __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
      message: "Request is missing Authentication Token",
    });
    expect(denials).toEqual([
      [
        { operation: "ListTables", body: {} },
        expect.stringMatching(/^the request is not signed; /),
      ],
    ]);
  });

  test.each<[string, string, SignedFetchOptions]>([
    ...WRONG_CREDENTIALS,
    ["a signature for another region", "InvalidSignatureException", { region: "eu-west-1" }],
    ["a signature for another service", "InvalidSignatureException", { service: "execute-api" }],
    [
      "a signature of sixteen minutes ago",
      "InvalidSignatureException",
      { signedAt: new Date(Date.now() - 960_000) },
    ],
  ])("%s", async (_what, errorType, options) => {
    await using people = await startDatabase({ principals: createPrincipals() });
    const response = await listTables(people.database.url, options);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      __type: `com.amazon.coral.service#${errorType}`,
      message: expect.any(String),
    });
  });

  test("a call whose body is not the one that was signed", async () => {
    await using people = await startDatabase();
    const { url } = people.database;
    const scope = { service: "dynamodb", region: "us-east-1", signedAt: new Date() };
    const { rawHeaders } = await signRequest({
      ...scope,
      path: "/",
      headers: { ...HEADERS, host: new URL(url).host },
      body: "{}",
    });
    const pairs = rawHeaders.flatMap((text, index) =>
      index % 2 === 0 ? [[text, rawHeaders[index + 1] ?? ""] as const] : [],
    );
    const send = (body: string) =>
      fetch(url, { method: "POST", headers: Object.fromEntries(pairs), body });
    expect(await (await send('{"Limit":1}')).json()).toMatchObject({
      __type: "com.amazon.coral.service#InvalidSignatureException",
    });
    expect((await send("{}")).status).toBe(200);
  });

  test("an invalid call before it looks at the signature", async () => {
    await using people = await startDatabase();
    const send = async (headers: Record<string, string>, body: string) =>
      (await fetch(people.database.url, { method: "POST", headers, body })).text();
    expect(await send(HEADERS, "{")).toContain("#SerializationException");
    const target = { ...HEADERS, "x-amz-target": "DynamoDB_20120810.MakeCoffee" };
    expect(await send(target, "{}")).toContain("#UnknownOperationException");
  });
});

describe("a function", () => {
  test("does with a table and its index what its policies allow", async () => {
    const principals = createPrincipals(
      allow(TABLE, "dynamodb:PutItem"),
      allow(`${TABLE}/index/*`, "dynamodb:Query"),
    );
    await using people = await startDatabase({ principals, credentials: TEMPORARY });
    await people.client.send(put);
    expect((await people.client.send(query)).Items).toEqual([ANNA]);
  });

  test.each<[string, string, (client: DynamoDBClient) => Promise<unknown>]>([
    ["GetItem", TABLE, (client) => client.send(get)],
    ["Query", `${TABLE}/index/byTown`, (client) => client.send(query)],
    ["BatchWriteItem", TABLE, (client) => client.send(batch)],
  ])("that may put items into the table is denied %s on %s", async (operation, arn, send) => {
    const problems: string[] = [];
    const principals = createPrincipals(allow(TABLE, "dynamodb:PutItem", "dynamodb:Query"));
    await using people = await startDatabase({
      principals,
      credentials: TEMPORARY,
      onDenied: (_call, problem) => problems.push(problem),
    });
    const action = `dynamodb:${operation}`;
    await expect(send(people.client)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: `User: ${FUNCTION_ARN} is not authorized to perform: ${action} on resource: ${arn} because no identity-based policy allows the ${action} action`,
      $metadata: { httpStatusCode: 400 },
    });
    expect(problems).toEqual([`Fn may not ${action} on ${arn}: add it to the function's policies`]);
  });

  test("is denied before DynamoDB sees the call", async () => {
    const seen: unknown[] = [];
    const principals = createPrincipals();
    await using people = await startDatabase({
      principals,
      credentials: TEMPORARY,
      onRequest: (call) => seen.push(call),
    });
    await expect(people.client.send(put)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(seen).toEqual([]);
    const item = await listTables(people.database.url, {
      headers: { ...HEADERS, "x-amz-target": "DynamoDB_20120810.GetItem" },
      body: JSON.stringify(get.input),
    });
    expect(await item.json()).toEqual({});
  });

  test("needs its permission also for a call without a body", async () => {
    await using people = await startDatabase({ principals: createPrincipals() });
    const response = await listTables(people.database.url, { body: "", credentials: TEMPORARY });
    expect(await response.json()).toMatchObject({
      __type: "com.amazon.coral.service#AccessDeniedException",
    });
  });
});
