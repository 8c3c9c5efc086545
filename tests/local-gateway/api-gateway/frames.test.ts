import { connect } from "node:net";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";
import { wsConnect } from "../support/ws-connect.ts";

const KB = 1024;
const TWO_WAY = { $default: { twoWay: true }, $disconnect: {} };
const ECHO_LENGTH = {
  routes: TWO_WAY,
  answer: ({ body = "" }) => returns({ statusCode: 200, body: String(body.length) }),
};

test("a frame of 32 KB is accepted", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  client.send("x".repeat(32 * KB));
  expect(await client.messages.take()).toBe("32768");
});

test("a frame of one byte more closes with 1009 and reaches no function", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  client.send("x".repeat(32 * KB + 1));
  const reason = "Max frame length of 32768 has been exceeded.";
  expect(await client.closed).toEqual({ code: 1009, reason });
  expect((await gateway.events.take()).requestContext).toMatchObject({
    eventType: "DISCONNECT",
    disconnectStatusCode: 1009,
    disconnectReason: reason,
  });
});

test("an oversized frame is rejected as soon as its header has come", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4]);
  Reflect.get(client.webSocket, "_socket").write(header);
  expect(await client.closed).toMatchObject({ code: 1009 });
});

test("messages in front of an oversized frame still reach their function", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  const socket = Reflect.get(client.webSocket, "_socket");
  socket.cork();
  client.send("one");
  client.send("x".repeat(33 * KB));
  client.send("three");
  socket.uncork();
  expect(await client.closed).toMatchObject({ code: 1009 });
  expect((await gateway.events.take()).body).toBe("one");
  expect((await gateway.events.take()).requestContext.eventType).toBe("DISCONNECT");
  expect(gateway.events.size).toBe(0);
});

test("a frame that comes with the upgrade request is a message too", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const socket = connect(gateway.port, "127.0.0.1");
  const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
  socket.write(Buffer.concat([Buffer.from(upgradeRequest("/live")), frame]));
  expect((await gateway.events.take()).body).toBe("hi");
  socket.destroy();
});

test("a message of 128 KB in frames of 32 KB is accepted", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  for (let frame = 1; frame <= 4; frame++) {
    client.webSocket.send("x".repeat(32 * KB), { fin: frame === 4 });
  }
  expect(await client.messages.take()).toBe("131072");
});

test("a message of more than 128 KB closes with 1009", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  for (let frame = 1; frame <= 4; frame++) {
    client.webSocket.send("x".repeat(32 * KB), { fin: false });
  }
  client.webSocket.send("x", { fin: true });
  expect(await client.closed).toMatchObject({ code: 1009 });
  expect((await gateway.events.take()).requestContext.disconnectStatusCode).toBe(1009);
});

test("a binary frame closes with 1003 and reaches no function", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  client.webSocket.send(Buffer.from("text in a binary frame"));
  expect(await client.closed).toMatchObject({ code: 1003 });
  expect((await gateway.events.take()).requestContext.disconnectStatusCode).toBe(1003);
});

test("text that is not UTF-8 closes with 1007", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  client.webSocket.send(Buffer.from([0xc3, 0x28]), { binary: false });
  expect(await client.closed).toMatchObject({ code: 1007 });
  expect((await gateway.events.take()).requestContext.disconnectStatusCode).toBe(1007);
});

test("a frame that breaks the WebSocket protocol closes with 1002", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  const unmasked = Buffer.from([0x81, 0x01, 0x61]);
  Reflect.get(client.webSocket, "_socket").write(unmasked);
  expect(await client.closed).toMatchObject({ code: 1002 });
  expect((await gateway.events.take()).requestContext.disconnectStatusCode).toBe(1002);
});

test("a rejected frame is explained on the console in words of the rule", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  client.send("x".repeat(41_200));
  await client.closed;
  expect(await gateway.observations.take()).toMatchObject({ kind: "connected" });
  expect(await gateway.observations.take()).toMatchObject({
    kind: "disconnected",
    cause: {
      code: 1009,
      explanation: "a frame of 41,200 bytes; API Gateway accepts 32 KB per frame",
    },
  });
});

test("a ping is answered and reaches no function", async () => {
  await using gateway = await startGateway(ECHO_LENGTH);
  const client = await wsConnect(gateway.url);
  const ponged = new Promise((resolve) => client.webSocket.once("pong", resolve));
  client.webSocket.ping("beat");
  expect(String(await ponged)).toBe("beat");
  client.send("one");
  expect((await gateway.events.take()).body).toBe("one");
});
