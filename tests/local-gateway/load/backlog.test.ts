import { Backlog } from "../../../local-gateway/api-gateway/connection.ts";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

/** A backlog, and what it said to the source of the messages. */
function recordingBacklog() {
  const said: string[] = [];
  const source = { pause: () => said.push("pause"), resume: () => said.push("resume") };
  return { backlog: new Backlog(source), said };
}

test.each([
  ["1,000 messages", 1000, 1],
  ["4 MB of text", 32, 128 * 1024],
])("nothing more is read while %s are being handled", async (_, count, bytes) => {
  const { backlog, said } = recordingBacklog();
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = [backlog.hold(bytes, promise)];
  for (let index = 2; index < count; index += 1) {
    held.push(backlog.hold(bytes, new Promise(() => {})));
  }
  expect(said).toEqual([]);
  void backlog.hold(bytes, new Promise(() => {}));
  expect(said).toEqual(["pause"]);
  void backlog.hold(bytes, new Promise(() => {}));
  resolve();
  await held[0];
  expect(said).toEqual(["pause"]);
});

test("reading goes on as soon as one message less is being handled", async () => {
  const { backlog, said } = recordingBacklog();
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = Array.from({ length: 1000 }, (_, index) =>
    backlog.hold(1, index === 0 ? promise : new Promise(() => {})),
  );
  resolve();
  await held[0];
  expect(said).toEqual(["pause", "resume"]);
});

test("no message is lost of a client that sends faster than its messages are handled", async () => {
  const { promise: gate, resolve } = Promise.withResolvers<void>();
  await using gateway = await startGateway({
    routes: { $default: { twoWay: true } },
    answer: async ({ body }) => {
      await gate;
      return returns({ statusCode: 200, body });
    },
  });
  const client = await wsConnect(gateway.url);
  const count = 3000;
  for (let sent = 0; sent < count; sent += 1) {
    client.send(String(sent));
  }
  await gateway.events.take();
  resolve();
  const received = new Set<string>();
  while (received.size < count) {
    received.add(await client.messages.take());
  }
});

test("a connection is closed in the ordinary way while its messages are held back", async () => {
  await using gateway = await startGateway({
    routes: { $default: {} },
    answer: () => new Promise(() => {}),
  });
  const client = await wsConnect(gateway.url);
  for (let sent = 0; sent < 1500; sent += 1) {
    client.send("held");
  }
  for (let handled = 0; handled < 1000; handled += 1) {
    await gateway.events.take();
  }
  const closing = gateway.gateway.close();
  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  await closing;
});
