import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { startGuardedRelay } from "../support/start-guarded-relay.ts";
import { startRelay, testClient } from "./support/relay-clients.ts";

/** A relay with alice and bob in the lobby, whose registrations can be lost while their sockets stay open. */
async function startForgetfulRelay(heartbeatAfter: number) {
  const relay = await startRelay();
  const { dynamodbUrl: endpoint, region, tableNames } = relay.gateway;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  const alice = relay.connect({ user: "alice", channel: "lobby", heartbeatAfter });
  const bob = relay.connect({ user: "bob", channel: "lobby" });
  const { connectionId } = await alice.events.open.take();
  await bob.events.open.take();
  return {
    alice,
    bob,
    loseAlice: () =>
      table.send(
        new DeleteCommand({
          TableName: tableNames[0],
          Key: { connectionId, entry: "registration" },
        }),
      ),
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  };
}

test("a client whose registration is lost finds that out by its heartbeat, and receives again", async () => {
  await using relay = await startForgetfulRelay(300);
  const { alice, bob } = relay;
  await relay.loseAlice();
  expect((await alice.events.reconnecting.take()).reason).toBe(
    "The relay has lost the registration.",
  );
  await alice.events.open.take();
  expect(await bob.client.send({ user: "alice" }, "Welcome back")).toMatchObject({ delivered: 1 });
  expect((await alice.events.message.take()).data).toBe("Welcome back");
}, 30_000);

test("a message of a client whose registration is lost is delivered once, over the next connection", async () => {
  await using relay = await startForgetfulRelay(300_000);
  const { alice, bob } = relay;
  await relay.loseAlice();
  const sent = [1, 2, 3].map((data) => alice.client.send({ channel: "lobby" }, data));
  for (const receipt of await Promise.all(sent)) {
    expect(receipt).toMatchObject({ delivered: 1, failed: 0 });
  }
  const received = [1, 2, 3].map(async () => (await bob.events.message.take()).data);
  expect((await Promise.all(received)).sort()).toEqual([1, 2, 3]);
  await bob.client.send({ user: "bob" }, "end");
  expect((await bob.events.message.take()).data).toBe("end");
}, 30_000);

test("a client with a token function outlives its tokens, and nobody misses it", async () => {
  await using relay = await startGuardedRelay();
  const short = () => relay.issue({ exp: Math.floor(Date.now() / 1000) + 6 });
  const settings = { channel: "lobby", drainTime: 300 };
  const alice = testClient(relay.url, { ...settings, token: short });
  const bob = testClient(relay.url, {
    ...settings,
    token: () => relay.issue({ email: "bob@example.com" }),
  });
  try {
    await alice.events.open.take();
    await bob.events.open.take();
    // Each connection of alice's lives three seconds at most: the fourth one outlives the first token.
    for (let moves = 0; moves < 3; ) {
      const receipt = await bob.client.send({ user: "alice@example.com" }, "there?");
      expect(receipt.delivered).toBeGreaterThan(0);
      while (alice.events.open.size > 0) {
        await alice.events.open.take();
        moves++;
      }
    }
    expect(await alice.client.send({ user: "bob@example.com" }, "here")).toMatchObject({
      delivered: 1,
    });
    expect(alice.events.reconnecting.size).toBe(0);
  } finally {
    alice.client.close();
    bob.client.close();
  }
}, 60_000);
