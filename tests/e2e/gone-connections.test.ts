import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { type LocalGateway, startLocalGateway } from "../../local-gateway/index.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";

let gateway: LocalGateway;
let table: DynamoDBDocumentClient;
let TableName: string;

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
});

afterEach(() => gateway.close());

async function registered(): Promise<unknown[]> {
  const { Items = [] } = await table.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.map((item) => item.connectionId);
}

async function idOf(client: WsClient): Promise<string> {
  client.send('{"action":"sendMessageRoute"}');
  return (await client.messages.take()).replace("YOUR ID: ", "");
}

/** Forwards to a connection, with an id, and returns the code of the error or the kind of the frame that answers. */
async function forward(from: WsClient, to: string): Promise<unknown> {
  from.send(JSON.stringify({ action: "sendMessageRoute", data: "hi", forward: to, id: "m1" }));
  const frame: { relay: string; code?: string } = JSON.parse(await from.messages.take());
  return frame.code ?? frame.relay;
}

test("a connection that is killed without a close frame becomes TARGET_GONE and leaves the table", async () => {
  const alice = await wsConnect(gateway.url);
  const bob = await wsConnect(gateway.url);
  const [aliceId, bobId] = [await idOf(alice), await idOf(bob)];
  expect((await registered()).sort()).toEqual([aliceId, bobId].sort());

  bob.webSocket.terminate();
  // Until the gateway has seen the line drop, it takes messages for it, as AWS does.
  let answer: unknown;
  do {
    answer = await forward(alice, bobId);
  } while (answer === "receipt");
  expect(answer).toBe("TARGET_GONE");

  let left: unknown[];
  do {
    left = await registered();
  } while (left.length > 1);
  expect(left).toEqual([aliceId]);
});

test("a registration whose $disconnect never came is removed by the first forward to it", async () => {
  const alice = await wsConnect(gateway.url);
  const aliceId = await idOf(alice);
  const Item = {
    connectionId: "Nq3xYd7RiYcCG4A=",
    entry: "registration",
    registeredAt: Date.now() - 60_000,
    expiresAt: 0,
  };
  await table.send(new PutCommand({ TableName, Item }));

  expect(await forward(alice, Item.connectionId)).toBe("TARGET_GONE");
  expect(await registered()).toEqual([aliceId]);
});
