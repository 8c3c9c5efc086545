import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { startCountedRelay } from "../support/start-counted-relay.ts";

test("a message whose event comes twice arrives twice with the same messageId, and is answered twice", async () => {
  await using relay = await startCountedRelay({ duplicateEvent: 1 });
  const alice = await wsConnect(`${relay.url}?channel=lobby`);
  const bob = await wsConnect(`${relay.url}?channel=lobby`);
  const forward = { channel: "lobby" };
  alice.send(JSON.stringify({ action: "sendMessageRoute", forward, data: 1, id: "m1" }));
  const [first, second] = [await bob.messages.take(), await bob.messages.take()].map(
    (text) => JSON.parse(text) as { relay: string; messageId: string },
  );
  expect(first).toMatchObject({ relay: "message", id: "m1" });
  expect(second?.messageId).toBe(first?.messageId);
  for (const text of [await alice.messages.take(), await alice.messages.take()]) {
    expect(JSON.parse(text)).toMatchObject({ relay: "receipt", id: "m1", delivered: 1 });
  }
});
