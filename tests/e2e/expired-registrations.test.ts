import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type LocalGateway, startLocalGateway } from "../../local-gateway/index.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";

let gateway: LocalGateway;
let table: DynamoDBDocumentClient;
let TableName: string;
let alice: WsClient;
let bob: WsClient;
let aliceId: string;

beforeEach(async () => {
  gateway = await startLocalGateway({ template: "template.yaml", quiet: true });
  [TableName = ""] = gateway.tableNames;
  table = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: gateway.dynamodbUrl,
      region: gateway.region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  );
  alice = await wsConnect(`${gateway.url}?user=alice&channel=lobby`);
  bob = await wsConnect(`${gateway.url}?user=bob&channel=lobby`);
  ({ connectionId: aliceId } = (await ask(alice, {})) as { connectionId: string });
});

afterEach(() => gateway.close());

/** Sends a message and gives the next frame that its sender receives. */
async function ask(client: WsClient, members: object): Promise<unknown> {
  client.send(JSON.stringify({ action: "sendMessageRoute", id: "m1", ...members }));
  return JSON.parse(await client.messages.take());
}

const ITEMS_OF_ALICE = ["registration", "membership#lobby"];

async function endRegistrationOfAlice(): Promise<void> {
  for (const entry of ITEMS_OF_ALICE) {
    await table.send(
      new UpdateCommand({
        TableName,
        Key: { connectionId: aliceId, entry },
        UpdateExpression: "SET expiresAt = :past",
        ExpressionAttributeValues: { ":past": Math.floor(Date.now() / 1000) - 5 },
      }),
    );
  }
}

async function loseRegistrationOfAlice(): Promise<void> {
  for (const entry of ITEMS_OF_ALICE) {
    await table.send(new DeleteCommand({ TableName, Key: { connectionId: aliceId, entry } }));
  }
}

test("a registration that has ended but is not deleted yet is not a target, except of a raw forward", async () => {
  await endRegistrationOfAlice();
  for (const forward of [{ user: "alice" }, { connection: aliceId }]) {
    expect(await ask(bob, { forward, data: "x" })).toMatchObject({ code: "TARGET_GONE" });
  }
  expect(await ask(bob, { forward: { channel: "lobby" }, data: "x" })).toMatchObject({
    relay: "receipt",
    delivered: 0,
  });
  expect(await ask(bob, { forward: aliceId, data: "raw" })).toMatchObject({ delivered: 1 });
  expect(await alice.messages.take()).toBe("raw");
  expect(alice.messages.size).toBe(0);
});

test.each([
  ["has ended", endRegistrationOfAlice],
  ["is lost", loseRegistrationOfAlice],
])(
  "a sender whose registration %s sends nothing but raw forwards, and learns it by asking who it is",
  async (_, lose) => {
    await lose();
    const forwards = [undefined, { user: "bob" }, { channel: "lobby" }];
    for (const forward of forwards) {
      expect(await ask(alice, { forward, data: "x" })).toMatchObject({
        relay: "error",
        code: "NOT_REGISTERED",
        id: "m1",
      });
    }
    alice.send('{"action":"sendMessageRoute"}');
    expect(await alice.messages.take()).toBe(`YOUR ID: ${aliceId}`);
    expect(bob.messages.size).toBe(0);
  },
);

test("a registration says how long it lasts, and in which channel it is", async () => {
  const frame = await ask(alice, {});
  expect(frame).toEqual({
    relay: "id",
    id: "m1",
    connectionId: aliceId,
    user: "alice",
    expiresIn: expect.any(Number),
    channels: [{ channel: "lobby", expiresIn: (frame as { expiresIn: number }).expiresIn }],
  });
  const { expiresIn } = frame as { expiresIn: number };
  expect(expiresIn).toBeLessThanOrEqual(7800);
  expect(expiresIn).toBeGreaterThan(7000);
});
