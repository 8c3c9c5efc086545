import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { rawExchange } from "../support/raw-exchange.ts";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const ID = /^[\w-]{15}=$/;

describe("a $connect function's status", () => {
  test.each([200, 201, 299])("completes the upgrade when it is %i", async (statusCode) => {
    await using gateway = await startGateway({ answer: () => returns({ statusCode }) });
    const { webSocket } = await wsConnect(gateway.url);
    expect(webSocket.readyState).toBe(webSocket.OPEN);
  });

  test.each([301, 400, 401, 403, 501])("becomes the answer's when it is %i", async (statusCode) => {
    await using gateway = await startGateway({ answer: () => returns({ statusCode }) });
    expect(await wsRejection(gateway.url)).toMatchObject({ status: statusCode });
  });
});

describe("a $connect that fails", () => {
  test("rejects with 502 when the function throws", async () => {
    const failed = { outcome: "failed", errorType: "TypeError", errorMessage: "secret" } as const;
    await using gateway = await startGateway({ answer: () => failed });
    const { status, body } = await wsRejection(gateway.url);
    expect(status).toBe(502);
    expect(body).not.toContain("secret");
  });

  test("rejects with 502 when the function does not return a proxy result", async () => {
    await using gateway = await startGateway({ answer: () => returns({ statusCode: "200" }) });
    expect(await wsRejection(gateway.url)).toMatchObject({ status: 502 });
  });

  test("rejects with 502 when the function's status is informational", async () => {
    await using gateway = await startGateway({ answer: () => returns({ statusCode: 101 }) });
    expect(await wsRejection(gateway.url)).toMatchObject({ status: 502 });
  });

  test("rejects with 500 when Lambda does not run the function", async () => {
    const rejected = { outcome: "rejected", errorType: "Throttled", errorMessage: "" } as const;
    await using gateway = await startGateway({ answer: () => rejected });
    expect(await wsRejection(gateway.url)).toMatchObject({ status: 500 });
  });

  test("rejects with 504 when the function is slower than the integration timeout", async () => {
    await using gateway = await startGateway({
      routes: { $connect: { integrationTimeout: 50 } },
      answer: () => new Promise(() => {}),
    });
    expect(await wsRejection(gateway.url)).toMatchObject({ status: 504 });
  });
});

test("a rejection names the connection and the request of its $connect event", async () => {
  await using gateway = await startGateway({ answer: () => returns({ statusCode: 401 }) });
  const { body, headers } = await wsRejection(gateway.url);
  const { connectionId, requestId } = (await gateway.events.take()).requestContext;
  expect(body).toBe(
    `{"message": "Unauthorized", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
  );
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "x-amzn-requestid": expect.stringMatching(/^[\da-f-]{36}$/),
    "x-amz-apigw-id": expect.stringMatching(ID),
  });
});

test("a rejected connection gets no $disconnect", async () => {
  await using gateway = await startGateway({ answer: () => returns({ statusCode: 401 }) });
  await wsRejection(gateway.url);
  await gateway.gateway.close();
  expect((await gateway.events.take()).requestContext.routeKey).toBe("$connect");
  expect(gateway.events.size).toBe(0);
});

test("every client is accepted when there is no $connect route", async () => {
  await using gateway = await startGateway({ routes: { $default: {} } });
  const { webSocket } = await wsConnect(gateway.url);
  expect(webSocket.readyState).toBe(webSocket.OPEN);
});

test("every client is accepted when the $connect route has no integration", async () => {
  await using gateway = await startGateway({ routes: { $connect: { integrated: false } } });
  const { webSocket } = await wsConnect(gateway.url);
  expect(webSocket.readyState).toBe(webSocket.OPEN);
});

test("the upgrade waits while $connect runs", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using gateway = await startGateway({
    answer: () => promise.then(() => returns({ statusCode: 200 })),
  });
  const connecting = wsConnect(gateway.url);
  await gateway.events.take();
  expect(gateway.gateway.connections).toBe(0);
  resolve();
  await connecting;
  expect(gateway.gateway.connections).toBe(1);
});

describe("the subprotocol", () => {
  test.each([
    ["headers", { headers: { "Sec-WebSocket-Protocol": "chat.v2" } }],
    ["headers in lower case", { headers: { "sec-websocket-protocol": "chat.v2" } }],
    ["multiValueHeaders", { multiValueHeaders: { "Sec-WebSocket-Protocol": ["chat.v2"] } }],
  ])("is the one that the function returns in %s", async (_, headers) => {
    await using gateway = await startGateway({
      answer: () => returns({ statusCode: 200, ...headers }),
    });
    const { webSocket } = await wsConnect(gateway.url, { protocols: ["chat.v1", "chat.v2"] });
    expect(webSocket.protocol).toBe("chat.v2");
  });

  test("is absent when the function returns none, whatever the client offers", async () => {
    await using gateway = await startGateway();
    const offer = { "Sec-WebSocket-Protocol": "chat.v1", Connection: "Upgrade" };
    const socket = connect(gateway.port, "127.0.0.1");
    socket.write(upgradeRequest("/live", offer));
    const [answer] = await once(socket, "data");
    socket.destroy();
    expect(String(answer)).toMatch(/^HTTP\/1\.1 101 /);
    expect(String(answer)).not.toMatch(/sec-websocket-protocol/i);
  });

  test("cannot smuggle headers into the answer", async () => {
    const headers = { "Sec-WebSocket-Protocol": "chat\r\nSet-Cookie: a=b" };
    await using gateway = await startGateway({
      answer: () => returns({ statusCode: 200, headers }),
    });
    const { status, headers: answered } = await wsRejection(gateway.url);
    expect(status).toBe(502);
    expect(answered["set-cookie"]).toBeUndefined();
  });
});

describe("before $connect", () => {
  test.each(["/", "/other", "/live/more", "/LIVE"])(
    "an upgrade of the path %s is forbidden",
    async (path) => {
      await using gateway = await startGateway();
      const rejection = await wsRejection(new URL(path, gateway.url).href);
      expect(rejection).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
      expect(rejection.headers["x-amzn-errortype"]).toBe("ForbiddenException");
      expect(gateway.events.size).toBe(0);
    },
  );

  test("a URL of 4,096 characters is accepted and one more is 414", async () => {
    await using gateway = await startGateway();
    const url = `${gateway.url}?q=`.padEnd(new URL(gateway.url).origin.length + 4096, "x");
    const { webSocket } = await wsConnect(url);
    expect(webSocket.readyState).toBe(webSocket.OPEN);
    expect(await wsRejection(`${url}x`)).toMatchObject({ status: 414 });
  });

  test("a stage's path may end in a slash", async () => {
    await using gateway = await startGateway();
    const { webSocket } = await wsConnect(`${gateway.url}/`);
    expect(webSocket.readyState).toBe(webSocket.OPEN);
  });

  test.each([
    ["has no key", { "Sec-WebSocket-Key": "" }],
    ["has a key of another length", { "Sec-WebSocket-Key": "AAAA" }],
    ["is of another version", { "Sec-WebSocket-Version": "8" }],
    ["offers a subprotocol twice", { "Sec-WebSocket-Protocol": "a, a" }],
    ["offers an impossible subprotocol", { "Sec-WebSocket-Protocol": "a b" }],
  ])("a handshake that %s is a bad request", async (_, headers) => {
    await using gateway = await startGateway();
    const answer = await rawExchange(gateway.port, upgradeRequest("/live", headers));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain("Sec-WebSocket-Version: 13");
    expect(gateway.events.size).toBe(0);
  });

  test("a handshake whose method is not GET is a bad request", async () => {
    await using gateway = await startGateway();
    const request = upgradeRequest("/live").replace("GET", "POST");
    expect(await rawExchange(gateway.port, request)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("a plain GET of the stage, or of a path below it, needs an upgrade", async () => {
    await using gateway = await startGateway();
    for (const path of ["", "/", "/1", "/1/2"]) {
      const response = await fetch(`${gateway.managementUrl}${path}`);
      expect(response.status).toBe(426);
      expect(response.headers.get("upgrade")).toBe("websocket");
    }
  });

  test("an upgrade to another protocol is a plain request", async () => {
    await using gateway = await startGateway();
    const request = upgradeRequest("/live", { Upgrade: "h2c", Connection: "Upgrade, close" });
    expect(await rawExchange(gateway.port, request)).toMatch(/^HTTP\/1\.1 426 /);
  });
});

test.each([
  ["is reset", (socket: Socket) => socket.resetAndDestroy()],
  ["ends", (socket: Socket) => socket.destroy()],
])("a client whose socket %s while it waits gets its $disconnect", async (_, goAway) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using gateway = await startGateway({
    answer: () => promise.then(() => returns({ statusCode: 200 })),
  });
  const socket = connect(gateway.port, "127.0.0.1");
  socket.write(upgradeRequest("/live"));
  const { connectionId } = (await gateway.events.take()).requestContext;
  goAway(socket);
  await once(socket, "close");
  // A whole exchange later the gateway has noticed as well.
  await fetch(gateway.managementUrl);
  resolve();
  const { requestContext } = await gateway.events.take();
  expect(requestContext).toMatchObject({
    routeKey: "$disconnect",
    connectionId,
    disconnectStatusCode: 1006,
    disconnectReason: "Connection closed abnormally",
  });
});
