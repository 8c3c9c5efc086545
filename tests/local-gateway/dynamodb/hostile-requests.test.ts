import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { signedFetch } from "../support/signed-fetch.ts";
import { startDatabase } from "./start-database.ts";

const call = (url: string, operation: string, body: string | Uint8Array<ArrayBuffer>) =>
  signedFetch(url, {
    method: "POST",
    service: "dynamodb",
    region: "us-east-1",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
    },
    body,
  });

test("a client that goes away in the middle of a request harms no other client", async () => {
  await using people = await startDatabase();
  const { hostname, port } = new URL(people.database.url);
  const socket = connect(Number(port), hostname);
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{");
  socket.resetAndDestroy();
  await once(socket, "close");
  expect((await call(people.database.url, "ListTables", "{}")).status).toBe(200);
});

test("a request of more than 16 MB is rejected, one of 16 MB is read", async () => {
  await using people = await startDatabase();
  const limit = 16 * 1024 * 1024;
  const blank = (length: number) => new Uint8Array(length).fill(0x20);
  expect((await call(people.database.url, "ListTables", blank(limit + 1))).status).toBe(413);
  const largest = blank(limit);
  largest.set([0x7b, 0x7d]);
  expect((await call(people.database.url, "ListTables", largest)).status).toBe(200);
});

test.each(["null", "{", "", "[]", '{"TableName":"people","Key":{"id":null}}'])(
  "the body %s is a serialization or validation error",
  async (body) => {
    await using people = await startDatabase();
    const response = await call(people.database.url, "GetItem", body);
    expect(response.status).toBe(400);
    const answer = await response.text();
    expect(JSON.parse(answer)).toMatchObject({
      __type: expect.stringMatching(/#(Serialization|Validation)Exception$/),
    });
    expect(answer).not.toMatch(/TypeError|RangeError/);
  },
);

test("what breaks the database inside is not part of the answer", async () => {
  await using people = await startDatabase();
  const response = await call(
    people.database.url,
    "PutItem",
    '{"TableName":"people","Item":{"id":null}}',
  );
  expect(response.status).toBe(400);
  expect(await response.text()).toBe(
    '{"__type":"com.amazon.coral.service#SerializationException","message":"The JSON has another shape than the operation takes"}',
  );
});

test("a failure of the gateway itself is reported and answered with 500, whatever was sent", async () => {
  const errors: unknown[] = [];
  const bug = new TypeError("a bug of ours");
  await using people = await startDatabase({
    onRequest: () => {
      throw bug;
    },
    onError: (error) => errors.push(error),
  });
  const response = await call(people.database.url, "ListTables", "{}");
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
    message: "Internal server error",
  });
  expect(errors).toEqual([bug]);
});

test("a request of the wrong shape is not reported as a failure", async () => {
  const errors: unknown[] = [];
  await using people = await startDatabase({ onError: (error) => errors.push(error) });
  const body = '{"TableName":"people","Item":{"id":null}}';
  expect((await call(people.database.url, "PutItem", body)).status).toBe(400);
  expect(errors).toEqual([]);
});

test("an operation that is not there is an error", async () => {
  await using people = await startDatabase();
  const response = await call(people.database.url, "MakeCoffee", "{}");
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    __type: expect.stringMatching(/#UnknownOperationException$/),
  });
});

test("whatever JSON comes, it is answered with success or a client's error", async () => {
  await using people = await startDatabase();
  const operations = ["PutItem", "GetItem", "Query", "Scan", "UpdateItem", "BatchWriteItem"];
  const value = fc.oneof(
    fc.jsonValue(),
    fc.record({ S: fc.string() }),
    fc.record({ id: fc.oneof(fc.record({ S: fc.string() }), fc.jsonValue()) }),
    fc.record({ people: fc.jsonValue() }),
  );
  const members = ["Item", "Key", "ExclusiveStartKey", "RequestItems", "KeyConditionExpression"];
  const body = fc.record(
    { TableName: fc.constant("people"), ...Object.fromEntries(members.map((m) => [m, value])) },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...operations), body, async (operation, content) => {
      const response = await call(people.database.url, operation, JSON.stringify(content));
      await response.arrayBuffer();
      expect([200, 400]).toContain(response.status);
    }),
    { numRuns: 200 },
  );
});
