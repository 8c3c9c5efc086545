import {
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
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

test("a call that DynamoDB refuses fails with DynamoDB's error", async () => {
  await using people = await startDatabase();
  const put = new PutItemCommand({ TableName: "nobody", Item: ANNA });
  await expect(people.client.send(put)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("who starts it is told of every call, with its body", async () => {
  const calls: unknown[] = [];
  await using people = await startDatabase({ onRequest: (call) => calls.push(call) });
  await people.client.send(putAnna);
  expect(calls).toEqual([{ operation: "PutItem", body: putAnna.input }]);
});

test("a database that no longer listens refuses connections, and has its data when it listens again", async () => {
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

test("a port that is in use is an error in one sentence", async () => {
  await using people = await startDatabase();
  const { port } = new URL(people.database.url);
  await expect(startDatabase({ port: Number(port) })).rejects.toThrow(
    `DynamoDB cannot listen on 127.0.0.1:${port}: the port is in use`,
  );
});

test("a host that is not of this machine is an error in one sentence", async () => {
  await expect(startDatabase({ host: "192.0.2.1" })).rejects.toThrow(
    /^DynamoDB cannot listen on 192\.0\.2\.1:0: Error: listen EADDRNOTAVAIL/,
  );
});

test("an IPv6 address is written in brackets", async () => {
  await using people = await startDatabase({ host: "::1", tables: [] });
  expect(people.database.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect(await (await fetch(people.database.url)).text()).toMatch(/^healthy/);
});

test("a table that DynamoDB refuses is an error that names it", async () => {
  const { KeySchema, ...createTable } = PEOPLE.createTable;
  await expect(startDatabase({ tables: [{ ...PEOPLE, createTable }] })).rejects.toThrow(
    /^The table PeopleTable cannot be created: /,
  );
});
