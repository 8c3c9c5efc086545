import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { startLocalGateway } from "websocket-api-local";

let gateway;

before(async () => {
  gateway = await startLocalGateway({ template: "cdk.out/Broadcast.template.json", quiet: true });
});

after(() => gateway.close());

async function connect() {
  const socket = new WebSocket(gateway.url);
  await once(socket, "open");
  return socket;
}

test("everybody receives a message", async () => {
  const [anna, ben] = [await connect(), await connect()];
  const received = [anna, ben].map((socket) => once(socket, "message"));
  anna.send("hello");
  for (const [{ data }] of await Promise.all(received)) {
    assert.equal(data, "hello");
  }
});

test("the others receive a message after somebody has left", async () => {
  const [anna, ben] = [await connect(), await connect()];
  ben.close();
  const received = once(anna, "message");
  anna.send("still here?");
  const [{ data }] = await received;
  assert.equal(data, "still here?");
});
