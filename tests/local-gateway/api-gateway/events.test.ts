import { connect } from "node:net";
import { contextOf } from "../support/expected-context.ts";
import type { RecordedEvent } from "../support/recorded-event.ts";
import { startGateway } from "../support/start-gateway.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";
import { wsConnect } from "../support/ws-connect.ts";

const DOMAIN = "k2v9xq41ab.execute-api.eu-west-1.amazonaws.com";

/** An event, with placeholders for what differs each time. */
interface ExpectedEvent {
  readonly requestContext: object;
  readonly headers?: object;
  readonly [member: string]: unknown;
}

/** Equal, and every object's members in the same order. */
function expectShape(event: RecordedEvent, expected: ExpectedEvent) {
  expect(event).toEqual(expected);
  expect(Object.keys(event)).toEqual(Object.keys(expected));
  expect(Object.keys(event.requestContext)).toEqual(Object.keys(expected.requestContext));
  expect(Object.keys(event.headers ?? {})).toEqual(Object.keys(expected.headers ?? {}));
}

test("a $connect event has the recorded shape", async () => {
  await using gateway = await startGateway();
  await wsConnect(`${gateway.url}?room=blue&tag=a&tag=b%20c`, {
    perMessageDeflate: true,
    origin: "https://app.example.com",
    headers: { "User-Agent": "test/1.0", "x-Custom": "1" },
  });
  const headers = {
    Host: DOMAIN,
    Origin: "https://app.example.com",
    "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
    "Sec-WebSocket-Key": expect.stringMatching(/^.{22}==$/),
    "Sec-WebSocket-Version": "13",
    "User-Agent": "test/1.0",
    "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-[\da-f]{8}-[\da-f]{24}$/),
    "x-Custom": "1",
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
  };
  expectShape(await gateway.events.take(), {
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: { room: "blue", tag: "b c" },
    multiValueQueryStringParameters: { room: ["blue"], tag: ["a", "b c"] },
    requestContext: contextOf("$connect", "CONNECT"),
    isBase64Encoded: false,
  });
});

test("a message event has the recorded shape", async () => {
  await using gateway = await startGateway();
  const client = await wsConnect(gateway.url, { headers: { "User-Agent": "test/1.0" } });
  await gateway.events.take();
  client.send('{"action":"say","text":"hi"}');
  expectShape(await gateway.events.take(), {
    requestContext: contextOf("$default", "MESSAGE", {
      messageId: expect.stringMatching(/^[\w-]{15}=$/),
    }),
    body: '{"action":"say","text":"hi"}',
    isBase64Encoded: false,
  });
});

test("a $disconnect event has the recorded shape", async () => {
  await using gateway = await startGateway();
  const client = await wsConnect(gateway.url, { headers: { "User-Agent": "test/1.0" } });
  await gateway.events.take();
  client.webSocket.close(4001, "done");
  const headers = { Host: DOMAIN, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" };
  expectShape(await gateway.events.take(), {
    headers,
    multiValueHeaders: {
      Host: [DOMAIN],
      "x-api-key": [""],
      "X-Forwarded-For": [""],
      "x-restapi": [""],
    },
    requestContext: contextOf(
      "$disconnect",
      "DISCONNECT",
      { disconnectStatusCode: 4001 },
      { disconnectReason: "done" },
    ),
    isBase64Encoded: false,
  });
});

test("a connection keeps its id and its time, and each event has a request id of its own", async () => {
  await using gateway = await startGateway();
  const client = await wsConnect(gateway.url);
  client.send("one");
  client.webSocket.close();
  const contexts = [];
  for (let event = 0; event < 3; event++) {
    contexts.push((await gateway.events.take()).requestContext);
  }
  expect(new Set(contexts.map(({ connectionId }) => connectionId)).size).toBe(1);
  expect(new Set(contexts.map(({ connectedAt }) => connectedAt)).size).toBe(1);
  expect(new Set(contexts.map(({ requestId }) => requestId)).size).toBe(3);
});

test("a message's id ends in the same three bytes as its connection's", async () => {
  await using gateway = await startGateway();
  const client = await wsConnect(gateway.url);
  await gateway.events.take();
  client.send("one");
  const { messageId = "", connectionId } = (await gateway.events.take()).requestContext;
  const tail = (id: string) => Buffer.from(id, "base64url").subarray(8);
  expect(tail(messageId)).toEqual(tail(connectionId));
  expect(messageId).not.toBe(connectionId);
});

test("$connect is reached within moments of connectedAt", async () => {
  await using gateway = await startGateway();
  await wsConnect(gateway.url);
  const { connectedAt, requestTimeEpoch } = (await gateway.events.take()).requestContext;
  expect(requestTimeEpoch - connectedAt).toBeGreaterThanOrEqual(0);
  expect(requestTimeEpoch - connectedAt).toBeLessThan(1000);
});

test("without a query string both of its members are absent", async () => {
  await using gateway = await startGateway();
  await wsConnect(`${gateway.url}?`);
  const event = await gateway.events.take();
  expect(event).not.toHaveProperty("queryStringParameters");
  expect(event).not.toHaveProperty("multiValueQueryStringParameters");
});

test("without a User-Agent the identity is the address alone", async () => {
  await using gateway = await startGateway();
  await wsConnect(gateway.url);
  const { requestContext } = await gateway.events.take();
  expect(requestContext).toHaveProperty("identity", { sourceIp: "127.0.0.1" });
});

test("a header sent twice is there with its last value and with all", async () => {
  await using gateway = await startGateway();
  const socket = connect(gateway.port, "127.0.0.1");
  socket.write(upgradeRequest("/live").replace("Host:", "X-Tag: one\r\nx-tag: two\r\nHost:"));
  const { headers, multiValueHeaders } = await gateway.events.take();
  expect(headers).toMatchObject({ "X-Tag": "two" });
  expect(multiValueHeaders).toMatchObject({ "X-Tag": ["one", "two"] });
  socket.destroy();
});

test("headers between two machines are left out", async () => {
  await using gateway = await startGateway();
  const socket = connect(gateway.port, "127.0.0.1");
  socket.write(upgradeRequest("/live", { "Content-Length": "0" }));
  const { headers = {} } = await gateway.events.take();
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  expect(names).not.toContain("content-length");
  expect(names).not.toContain("connection");
  expect(names).not.toContain("upgrade");
  socket.destroy();
});

test("the client's address is added to an X-Forwarded-For that it sent", async () => {
  await using gateway = await startGateway();
  await wsConnect(gateway.url, { headers: { "x-forwarded-for": "203.0.113.7" } });
  const { headers } = await gateway.events.take();
  expect(headers).toMatchObject({ "X-Forwarded-For": "203.0.113.7, 127.0.0.1" });
});

test("headers and parameters may have the names of an object's own parts", async () => {
  await using gateway = await startGateway();
  await wsConnect(`${gateway.url}?__proto__=a&constructor=b`, { headers: { toString: "c" } });
  const { headers, queryStringParameters } = await gateway.events.take();
  expect(Object.entries(queryStringParameters ?? {})).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
  expect(headers).toHaveProperty("toString", "c");
});
