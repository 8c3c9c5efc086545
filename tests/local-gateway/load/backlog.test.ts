import { once } from "node:events";
import { Backlog } from "../../../local-gateway/api-gateway/connection-limits.ts";
import { rawConnection } from "../support/raw-connection.ts";
import { returns } from "../support/returns.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

/** A text frame and a close frame with the code 1000, masked with zeros. */
const TEXT = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]);
const CLOSE = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]);

/** A backlog, and how it paused and resumed the source of the messages. */
function recordingBacklog() {
  const calls: string[] = [];
  const source = { pause: () => calls.push("pause"), resume: () => calls.push("resume") };
  return { backlog: new Backlog(source), calls };
}

test.each([
  ["1,000 messages", 1000, 1],
  ["4 MB of text", 32, 128 * 1024],
])("reading pauses while %s are being handled", async (_, count, bytes) => {
  const { backlog, calls } = recordingBacklog();
  const { promise, resolve } = Promise.withResolvers<void>();
  const handled = [backlog.add(bytes, promise)];
  for (let index = 2; index < count; index += 1) {
    handled.push(backlog.add(bytes, new Promise(() => {})));
  }
  expect(calls).toEqual([]);
  void backlog.add(bytes, new Promise(() => {}));
  expect(calls).toEqual(["pause"]);
  void backlog.add(bytes, new Promise(() => {}));
  resolve();
  await handled[0];
  expect(calls).toEqual(["pause"]);
});

test("reading goes on as soon as one message less is being handled", async () => {
  const { backlog, calls } = recordingBacklog();
  const { promise, resolve } = Promise.withResolvers<void>();
  const handled = Array.from({ length: 1000 }, (_, index) =>
    backlog.add(1, index === 0 ? promise : new Promise(() => {})),
  );
  resolve();
  await handled[0];
  expect(calls).toEqual(["pause", "resume"]);
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

test("a connection is closed in the ordinary way while its messages wait", async () => {
  await using gateway = await startGateway({
    routes: { $default: {} },
    answer: () => new Promise(() => {}),
  });
  const client = await wsConnect(gateway.url);
  for (let sent = 0; sent < 1500; sent += 1) {
    client.send("waits");
  }
  for (let count = 0; count < 1000; count += 1) {
    await gateway.events.take();
  }
  const closing = gateway.gateway.close();
  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  await closing;
});

test("a client whose messages wait takes part in the close that the gateway begins", async () => {
  await using gateway = await startGateway({
    routes: { $connect: {}, $default: {} },
    answer: ({ requestContext: { eventType } }) =>
      eventType === "CONNECT" ? returns({ statusCode: 200 }) : new Promise(() => {}),
  });
  const { socket, frames } = await rawConnection(gateway.port, "/live");
  const { connectionId } = (await gateway.events.take()).requestContext;
  socket.write(Buffer.concat(Array.from({ length: 1000 }, () => TEXT)));
  for (let count = 0; count < 1000; count += 1) {
    await gateway.events.take();
  }
  // The gateway reads no more: this waits in the socket, and the client's part of the close behind it.
  socket.write(Buffer.concat(Array.from({ length: 200_000 }, () => TEXT)));
  const url = `${gateway.managementUrl}/@connections/${encodeURIComponent(connectionId)}`;
  expect((await signedFetch(url, { method: "DELETE" })).status).toBe(204);
  expect(await frames.take()).toMatchObject({ opcode: 8 });
  const ended = Promise.race([once(socket, "end").then(() => "ended"), once(socket, "close")]);
  socket.write(CLOSE);
  // A gateway that had not read it would cut the connection off, and the socket would be reset.
  expect(await ended).toBe("ended");
});
