import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { INSTALL_TIMEOUT } from "../../support/install-packages.ts";
import { loadSdkV2 } from "../../support/sdk-v2.ts";
import { PEOPLE, startDatabase } from "./start-database.ts";

const ANNA = { id: { S: "anna" }, town: { S: "Bern" } };
const putAnna = new PutItemCommand({ TableName: "people", Item: ANNA });
const getAnna = new GetItemCommand({ TableName: "people", Key: { id: ANNA.id } });

test("the tables and their indexes are active as soon as it has started", async () => {
  await using people = await startDatabase();
  const { Table } = await people.client.send(new DescribeTableCommand({ TableName: "people" }));
  expect(Table).toMatchObject({
    TableStatus: "ACTIVE",
    GlobalSecondaryIndexes: [{ IndexName: "byTown", IndexStatus: "ACTIVE" }],
  });
});

test("AWS's SDK writes, reads and queries", async () => {
  await using people = await startDatabase();
  await people.client.send(putAnna);
  expect((await people.client.send(getAnna)).Item).toEqual(ANNA);
  const query = new QueryCommand({
    TableName: "people",
    IndexName: "byTown",
    KeyConditionExpression: "town = :town",
    ExpressionAttributeValues: { ":town": ANNA.town },
  });
  expect((await people.client.send(query)).Items).toEqual([ANNA]);
});

test("a call that DynamoDB rejects fails with DynamoDB's error", async () => {
  await using people = await startDatabase();
  const put = new PutItemCommand({ TableName: "nobody", Item: ANNA });
  await expect(people.client.send(put)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

const timeToLiveOf = async ({ client }: Awaited<ReturnType<typeof startDatabase>>) =>
  (await client.send(new DescribeTimeToLiveCommand({ TableName: "people" }))).TimeToLiveDescription;

test("it knows the time to live of the tables", async () => {
  await using people = await startDatabase({ tables: [{ ...PEOPLE, timeToLive: "expiresAt" }] });
  expect(await timeToLiveOf(people)).toEqual({
    TimeToLiveStatus: "ENABLED",
    AttributeName: "expiresAt",
  });
  const other = new DescribeTimeToLiveCommand({ TableName: "nobody" });
  await expect(people.client.send(other)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("a table without a time to live has it disabled, and so has one that is created anew", async () => {
  await using without = await startDatabase();
  expect(await timeToLiveOf(without)).toEqual({ TimeToLiveStatus: "DISABLED" });
  await using people = await startDatabase({ tables: [{ ...PEOPLE, timeToLive: "expiresAt" }] });
  await people.client.send(new DeleteTableCommand({ TableName: "people" }));
  await waitUntilTableNotExists(
    { client: people.client, maxWaitTime: 10, minDelay: 1 },
    { TableName: "people" },
  );
  await people.client.send(new CreateTableCommand(PEOPLE.createTable as CreateTableCommandInput));
  expect(await timeToLiveOf(people)).toEqual({ TimeToLiveStatus: "DISABLED" });
});

/** What the test needs of the client of version 2. */
declare class DynamoDbV2 {
  constructor(options: object);
  describeTimeToLive(input: { TableName: string }): {
    promise(): Promise<{ TimeToLiveDescription?: object }>;
  };
}

test(
  "version 2 of the SDK, which checks the checksums of answers, accepts the time to live",
  async () => {
    await using people = await startDatabase({ tables: [{ ...PEOPLE, timeToLive: "expiresAt" }] });
    const DynamoDb = await loadSdkV2<typeof DynamoDbV2>("dynamodb");
    const client = new DynamoDb({
      region: "us-east-1",
      endpoint: people.database.url,
      accessKeyId: "local",
      secretAccessKey: "local",
      maxRetries: 0,
    });
    const answer = await client.describeTimeToLive({ TableName: "people" }).promise();
    expect(answer.TimeToLiveDescription).toMatchObject({ AttributeName: "expiresAt" });
  },
  INSTALL_TIMEOUT,
);

test("a session token next to local / local is ignored", async () => {
  const credentials = { accessKeyId: "local", secretAccessKey: "local", sessionToken: "token" };
  await using people = await startDatabase({ credentials });
  expect((await people.client.send(new ListTablesCommand({}))).TableNames).toEqual(["people"]);
});

test("onRequest takes every call, with its body", async () => {
  const calls: unknown[] = [];
  await using people = await startDatabase({ onRequest: (call) => calls.push(call) });
  await people.client.send(putAnna);
  expect(calls).toEqual([{ operation: "PutItem", body: putAnna.input }]);
});

test("a database that no longer listens rejects connections, and has its data when it listens again", async () => {
  await using people = await startDatabase();
  await people.client.send(putAnna);
  await people.database.stopListening();
  await people.database.stopListening();
  await expect(people.client.send(getAnna)).rejects.toThrow();
  await expect(fetch(people.database.url)).rejects.toThrow();
  await people.database.listen();
  await people.database.listen();
  expect((await people.client.send(getAnna)).Item).toEqual(ANNA);
});

test("a port that is in use is an error that says what to do", async () => {
  await using people = await startDatabase();
  const { port } = new URL(people.database.url);
  await expect(startDatabase({ port: Number(port) })).rejects.toMatchObject({
    code: "PORT_IN_USE",
    message: `The embedded DynamoDB cannot listen on 127.0.0.1:${port}: another program uses the port. Choose another one with --dynamodb-port; --port 0 takes free ones for the API and DynamoDB.`,
  });
});

test("a host that is not of this machine is an error in one sentence", async () => {
  await expect(startDatabase({ host: "192.0.2.1" })).rejects.toMatchObject({
    code: "LISTEN_FAILED",
    message:
      "The embedded DynamoDB cannot listen on 192.0.2.1:0: this is not an address of this machine.",
    cause: { code: "EADDRNOTAVAIL" },
  });
});

test("an IPv6 address is written in brackets", async () => {
  await using people = await startDatabase({ host: "::1", tables: [] });
  expect(people.database.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect(await (await fetch(people.database.url)).text()).toMatch(/^healthy/);
});

test("a table that DynamoDB rejects is an error with its place", async () => {
  const { KeySchema, ...createTable } = PEOPLE.createTable;
  await expect(startDatabase({ tables: [{ ...PEOPLE, createTable }] })).rejects.toMatchObject({
    code: "TEMPLATE_INVALID",
    message: expect.stringMatching(
      /^\/app\/template\.yaml:7: PeopleTable: the table cannot be created: /,
    ),
  });
});
