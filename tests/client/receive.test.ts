import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { openClient } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";
import { rejection } from "./support/rejection.ts";

const MESSAGE = {
  messageId: "Nq31zfTSiYcCG4A=",
  from: { connectionId: "C51DherHNjMCI3Q=", user: "alice" },
  to: { channel: "lobby" },
  data: { text: "hi" },
  id: "m1",
  sentAt: "2026-11-22T10:00:00.000Z",
};

test("a message arrives with its sender, its address and its data", async () => {
  const { socket, events } = await openClient();
  events.length = 0;
  socket.frame({ relay: "message", ...MESSAGE });
  expect(events).toEqual([["message", MESSAGE]]);
});

test("a message of a backend arrives with the backend's name", async () => {
  const { socket, all } = await openClient();
  socket.frame({ relay: "message", ...MESSAGE, from: { service: "billing" } });
  expect(all("message")[0]?.from).toEqual({ service: "billing" });
});

test("a message that comes twice is received once", async () => {
  const { socket, all } = await openClient();
  socket.frame({ relay: "message", ...MESSAGE });
  socket.frame({ relay: "message", ...MESSAGE });
  expect(all("message").length).toBe(1);
});

test("the last 1000 messages are known again when they come twice", async () => {
  const { socket, all } = await openClient();
  for (const _ of ["first", "second"]) {
    for (let number = 0; number < 1000; number++) {
      socket.frame({ relay: "message", ...MESSAGE, messageId: `m${number}` });
    }
  }
  expect(all("message").length).toBe(1000);
});

test("the oldest of more than 1000 messages is forgotten, so that memory does not grow", async () => {
  const { socket, all } = await openClient();
  for (let number = 0; number <= 1000; number++) {
    socket.frame({ relay: "message", ...MESSAGE, messageId: `m${number}` });
  }
  socket.frame({ relay: "message", ...MESSAGE, messageId: "m1000" });
  expect(all("message").length).toBe(1001);
  socket.frame({ relay: "message", ...MESSAGE, messageId: "m0" });
  expect(all("message").length).toBe(1002);
});

test.each([{ from: undefined }, { to: null }])("an envelope with %j is ignored", async (wrong) => {
  const { socket, events } = await openClient();
  events.length = 0;
  socket.frame({ relay: "message", ...MESSAGE, ...wrong });
  expect(events).toEqual([]);
});

test.each([
  "hello",
  "",
  "null",
  '["relay"]',
  '{"text":"hi"}',
  '{"relay":1}',
  "YOUR ID: C51DherHNjMCI3Q=",
  '{"message": "Internal server error", "connectionId":"XDmENcnwIE0CFEQ=", "requestId":"XDmGEE2RoE0FRdQ="}',
])("what is not a frame of the relay arrives as a text: %s", async (text) => {
  const { socket, events } = await openClient();
  events.length = 0;
  socket.text(text);
  expect(events).toEqual([["text", text]]);
});

test("an error without an id is an event, because it may concern any message", async () => {
  const { socket, all } = await openClient();
  socket.frame({ relay: "error", code: "UNAVAILABLE", message: "Sorry.", requestId: "r1" });
  expect(all("error")).toMatchObject([{ code: "UNAVAILABLE", message: "Sorry.", requestId: "r1" }]);
});

test("frames of a kind that the client does not know, and binary messages, are ignored", async () => {
  const { socket, events } = await openClient();
  events.length = 0;
  socket.frame({ relay: "weather", id: "1" });
  socket.text(new Uint8Array([1, 2, 3]));
  expect(events).toEqual([]);
});

const anyFrame = fc.record(
  {
    relay: fc.constantFrom("message", "receipt", "error", "id"),
    id: fc.oneof(fc.constantFrom("1", "heartbeat"), fc.jsonValue()),
    from: fc.jsonValue(),
    to: fc.jsonValue(),
    messageId: fc.jsonValue(),
    connectionId: fc.jsonValue(),
    code: fc.jsonValue(),
    message: fc.oneof(fc.jsonValue(), fc.constant({ toString: null, valueOf: null })),
  },
  { requiredKeys: ["relay"] },
);

test("no text that arrives, before or after the connection is open, makes the client throw or stop", async () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    anyFrame.map((frame) => JSON.stringify(frame)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(texts), fc.boolean(), async (hostile, whileConnecting) => {
      const { client, clock, socket, nextSocket } = await openClient();
      void client.send({ user: "alice" }, 1).catch(() => {});
      let target = socket;
      if (whileConnecting) {
        socket.drop();
        await clock.advance(30_000);
        target = await nextSocket();
        target.open();
      }
      for (const text of hostile) {
        target.text(text);
      }
      await clock.advance(60_000);
      (await nextSocket()).welcome("Nq3xYd7RiYcCG4B=");
      expect(client.state).toBe("open");
      client.close();
    }),
  );
}, 30_000);

test("a listener that was removed receives nothing more, and the others do", async () => {
  const { client, socket } = await openClient();
  const received: string[] = [];
  const listener = (text: string) => received.push(text);
  const stop = client.on("text", listener);
  client.on("text", listener);
  stop();
  stop();
  socket.text("hi");
  expect(received).toEqual(["hi"]);
});

test("a listener that another one removes during an event does not receive it", async () => {
  const { client, socket } = await openClient();
  const received: string[] = [];
  let stop = () => {};
  client.on("text", () => stop());
  stop = client.on("text", (text) => received.push(text));
  socket.text("hi");
  expect(received).toEqual([]);
});

test("a listener that is added during an event receives the next one", async () => {
  const { client, socket } = await openClient();
  const received: string[] = [];
  const stop = client.on("text", () => {
    stop();
    client.on("text", (text) => received.push(text));
  });
  socket.text("first");
  socket.text("second");
  expect(received).toEqual(["second"]);
});

test("a listener that throws ends up as an uncaught error, and nothing else is disturbed", async () => {
  // In a process of its own, because there an uncaught error can be observed.
  const client = JSON.stringify(resolve("client/index.ts"));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { RelayClient } from ${client};
    process.on("uncaughtException", (error) => console.log("uncaught", error.message));
    const client = new RelayClient("ws://127.0.0.1/dev", { WebSocket: class { close() {} } });
    client.on("closed", () => { throw new Error("mine"); });
    client.on("closed", ({ state }) => console.log("received", state));
    client.close();
    console.log("went on");`,
  ]);
  expect(stdout).toBe("received closed\nwent on\nuncaught mine\n");
});

/** What JSON can hold and nothing can turn into a text. */
const ODD = { toString: 1, valueOf: 1 };

test("members of an odd type in an error, a page of members or an end are no reason to throw", async () => {
  const { client, socket, all } = await openClient();
  socket.frame({ relay: "error", code: ODD, message: ODD });
  expect(all("error")).toMatchObject([{ code: "", message: "", mayHaveArrived: true }]);

  const page = client.subscribe("news").members()[Symbol.asyncIterator]().next();
  await settle();
  socket.subscribed();
  await settle();
  socket.frame({ relay: "members", members: null, id: socket.messages.at(-1)?.id });
  expect(await page).toEqual({ done: true, value: undefined });

  const rejected = rejection(client.whoAmI());
  socket.frame({ relay: "closed", reason: ODD });
  expect(all("closed")).toMatchObject([{ reason: "Closed by the relay." }]);
  expect(await rejected).toMatchObject({ code: "CLOSED" });
});
