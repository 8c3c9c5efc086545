import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startLocalGateway } from "websocket-api-local";

let gateway;

before(async () => {
  gateway = await startLocalGateway({ template: "cdk.out/Broadcast.template.json", quiet: true });
});

after(() => gateway.close());

test("everybody receives a message", async () => {
  const [anna, ben] = [await gateway.connect(), await gateway.connect()];
  anna.send("hello");
  assert.equal(await anna.next(), "hello");
  assert.equal(await ben.next(), "hello");
});

test("the others receive a message after somebody has left", async () => {
  const [anna, ben] = [await gateway.connect(), await gateway.connect()];
  await ben.close();
  anna.send("still here?");
  assert.equal(await anna.next(), "still here?");
});
