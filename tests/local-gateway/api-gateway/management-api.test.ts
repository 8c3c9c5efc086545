import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  LimitExceededException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { signRequest } from "../sigv4/sign-request.ts";
import { rawConnection } from "../support/raw-connection.ts";
import { rawExchange } from "../support/raw-exchange.ts";
import { returns } from "../support/returns.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { startGateway, type TestGatewayOptions } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

const KB = 1024;
const UNKNOWN = "C51DherHNjMCI3Q=";

/** A gateway, a connected client with its id, and the SDK's own client for the management API. */
async function startWithClient(options?: TestGatewayOptions, headers = {}) {
  const gateway = await startGateway(options);
  const client = await wsConnect(gateway.url, { headers });
  const { connectionId } = (await gateway.events.take()).requestContext;
  const sdk = createSdk(gateway.managementUrl);
  return {
    ...gateway,
    client,
    connectionId,
    sdk,
    callUrl: `${gateway.managementUrl}/@connections/${connectionId}`,
    [Symbol.asyncDispose]: async () => {
      sdk.destroy();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

function createSdk(endpoint: string): ApiGatewayManagementApiClient {
  return new ApiGatewayManagementApiClient({
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
}

const EXCHANGED = {
  "x-amzn-requestid": expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
  "x-amz-apigw-id": expect.stringMatching(/^[\w-]{15}=$/),
  "x-amzn-trace-id": expect.stringMatching(/^Root=1-/),
};

const RIGHT =
  "the right path is /live/@connections/{connectionId}, and the endpoint of an SDK ends in /live";

describe("POST", () => {
  test("sends its body to the connection as text, byte for byte", async () => {
    await using gateway = await startWithClient();
    const { connectionId: ConnectionId } = gateway;
    await gateway.sdk.send(new PostToConnectionCommand({ ConnectionId, Data: 'héllo 👋 "x"' }));
    expect(await gateway.client.messages.take()).toBe('héllo 👋 "x"');
  });

  test("answers 200 with an empty body and AWS's headers", async () => {
    await using gateway = await startWithClient();
    const response = await signedFetch(gateway.callUrl, { method: "POST", body: "hi" });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...EXCHANGED,
      "content-type": "application/json",
      "content-length": "0",
    });
  });

  test("sends an empty message when its body is empty", async () => {
    await using gateway = await startWithClient();
    await signedFetch(gateway.callUrl, { method: "POST" });
    expect(await gateway.client.messages.take()).toBe("");
  });

  test("replaces what is not UTF-8, which the client would have to close on", async () => {
    await using gateway = await startWithClient();
    await signedFetch(gateway.callUrl, { method: "POST", body: Buffer.from([0x61, 0xff]) });
    expect(await gateway.client.messages.take()).toBe("a\uFFFD");
  });

  test("of more than 32 KB arrives in frames of at most 32 KB", async () => {
    await using gateway = await startGateway();
    const { frames, socket } = await rawConnection(gateway.port, "/live");
    const { connectionId } = (await gateway.events.take()).requestContext;
    const url = `${gateway.managementUrl}/@connections/${connectionId}`;
    await signedFetch(url, { method: "POST", body: "x".repeat(70 * KB) });
    expect(await frames.take()).toEqual({ fin: false, opcode: 1, length: 32 * KB });
    expect(await frames.take()).toEqual({ fin: false, opcode: 0, length: 32 * KB });
    expect(await frames.take()).toEqual({ fin: true, opcode: 0, length: 6 * KB });
    socket.destroy();
  });

  test("may cut a character in two, which the client joins again", async () => {
    await using gateway = await startWithClient();
    const text = `x${"é".repeat(35 * KB)}`;
    await signedFetch(gateway.callUrl, { method: "POST", body: text });
    expect(await gateway.client.messages.take()).toBe(text);
  });

  test("of 128 KB is accepted and of one byte more is too large", async () => {
    await using gateway = await startWithClient();
    const { connectionId: ConnectionId, sdk } = gateway;
    const Data = Buffer.alloc(128 * KB, "x");
    await sdk.send(new PostToConnectionCommand({ ConnectionId, Data }));
    expect(await gateway.client.messages.take()).toHaveLength(128 * KB);
    const tooMuch = new PostToConnectionCommand({ ConnectionId, Data: Buffer.alloc(128 * KB + 1) });
    await expect(sdk.send(tooMuch)).rejects.toBeInstanceOf(PayloadTooLargeException);
  });

  test("keeps the order of posts that wait for one another", async () => {
    await using gateway = await startWithClient();
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(40 * KB, "."));
    for (const body of texts) {
      await signedFetch(gateway.callUrl, { method: "POST", body });
    }
    for (const text of texts) {
      expect(await gateway.client.messages.take()).toBe(text);
    }
  });

  test("keeps every message whole when posts come at the same time", async () => {
    await using gateway = await startWithClient();
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(100 * KB, `${index}`));
    await Promise.all(texts.map((body) => signedFetch(gateway.callUrl, { method: "POST", body })));
    const received = [];
    for (const _ of texts) {
      received.push(await gateway.client.messages.take());
    }
    expect(received.sort()).toEqual(texts.sort());
  });

  test("is rejected with 429 while too much waits for a client that does not read", async () => {
    await using gateway = await startWithClient();
    const { connectionId: ConnectionId, sdk, client } = gateway;
    client.webSocket.pause();
    const post = new PostToConnectionCommand({ ConnectionId, Data: Buffer.alloc(128 * KB, "x") });
    const fill = async () => {
      for (let posts = 0; posts < 500; posts++) {
        await sdk.send(post);
      }
    };
    await expect(fill()).rejects.toBeInstanceOf(LimitExceededException);
    client.webSocket.terminate();
  });

  test("reaches the connection whose message is being handled, before the route's answer", async () => {
    await using gateway = await startGateway({
      routes: { $default: { twoWay: true } },
      answer: async ({ requestContext: { connectionId } }) => {
        const url = `${gateway.managementUrl}/@connections/${connectionId}`;
        await signedFetch(url, { method: "POST", body: "posted" });
        return returns({ statusCode: 200, body: "answered" });
      },
    });
    const client = await wsConnect(gateway.url);
    client.send("one");
    expect(await client.messages.take()).toBe("posted");
    expect(await client.messages.take()).toBe("answered");
  });
});

describe("GET", () => {
  test("says when the connection was made and last active, and whose it is", async () => {
    await using gateway = await startWithClient({}, { "User-Agent": "test/1.0" });
    const { connectionId: ConnectionId, sdk } = gateway;
    const { Identity, ConnectedAt, LastActiveAt } = await sdk.send(
      new GetConnectionCommand({ ConnectionId }),
    );
    expect(Identity).toEqual({ SourceIp: "127.0.0.1", UserAgent: "test/1.0" });
    expect(ConnectedAt).toBeInstanceOf(Date);
    expect(Number(LastActiveAt)).toBeGreaterThanOrEqual(Number(ConnectedAt));
  });

  test("writes times with milliseconds, and null for a client without User-Agent", async () => {
    await using gateway = await startWithClient();
    const response = await signedFetch(gateway.callUrl);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...EXCHANGED,
      "content-type": "application/json",
    });
    expect(await response.json()).toEqual({
      identity: { sourceIp: "127.0.0.1", userAgent: null },
      connectedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      lastActiveAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test("shows that a message makes the connection active", async () => {
    await using gateway = await startWithClient();
    const get = new GetConnectionCommand({ ConnectionId: gateway.connectionId });
    const before = await gateway.sdk.send(get);
    while (Date.now() <= Number(before.LastActiveAt)) {
      await gateway.sdk.send(get);
    }
    gateway.client.send("one");
    await gateway.events.take();
    const after = await gateway.sdk.send(get);
    expect(Number(after.LastActiveAt)).toBeGreaterThan(Number(before.LastActiveAt));
    expect(after.ConnectedAt).toEqual(before.ConnectedAt);
  });
});

describe("DELETE", () => {
  test("closes the connection with AWS's code and reason, then runs $disconnect", async () => {
    await using gateway = await startWithClient();
    const { connectionId: ConnectionId, sdk } = gateway;
    await sdk.send(new DeleteConnectionCommand({ ConnectionId }));
    const closed = { code: 1000, reason: "Connection Closed Normally" };
    expect(await gateway.client.closed).toEqual(closed);
    expect((await gateway.events.take()).requestContext).toMatchObject({
      routeKey: "$disconnect",
      connectionId: ConnectionId,
      disconnectStatusCode: 1000,
      disconnectReason: "Connection Closed Normally",
    });
  });

  test("answers 204 with AWS's headers and without a content type", async () => {
    await using gateway = await startWithClient();
    const response = await signedFetch(gateway.callUrl, { method: "DELETE" });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject(EXCHANGED);
    expect(response.headers.has("content-type")).toBe(false);
  });

  test("makes the connection gone at once, whether its client answers or not", async () => {
    await using gateway = await startWithClient();
    gateway.client.webSocket.pause();
    await signedFetch(gateway.callUrl, { method: "DELETE" });
    expect((await signedFetch(gateway.callUrl)).status).toBe(410);
    gateway.client.webSocket.terminate();
  });
});

describe("a connection is gone", () => {
  test.each(["POST", "GET", "DELETE"])("for %s when it never was", async (method) => {
    await using gateway = await startGateway();
    const url = `${gateway.managementUrl}/@connections/${UNKNOWN}`;
    const response = await signedFetch(url, { method });
    expect(response.status).toBe(410);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...EXCHANGED,
      "x-amzn-errortype": "GoneException",
      "content-length": "0",
    });
    expect(await response.text()).toBe("");
  });

  test("for the SDK when its client has closed it", async () => {
    await using gateway = await startWithClient();
    const { connectionId: ConnectionId, sdk, client } = gateway;
    client.webSocket.close();
    await gateway.events.take();
    const post = new PostToConnectionCommand({ ConnectionId, Data: "hi" });
    await expect(sdk.send(post)).rejects.toBeInstanceOf(GoneException);
  });

  test("before its $connect has returned and its upgrade is complete", async () => {
    await using gateway = await startGateway({
      answer: async ({ requestContext: { connectionId } }) => {
        const url = `${gateway.managementUrl}/@connections/${connectionId}`;
        statuses.push((await signedFetch(url, { method: "POST", body: "hello" })).status);
        return returns({ statusCode: 200 });
      },
    });
    const statuses: number[] = [];
    const client = await wsConnect(gateway.url);
    client.send("one");
    expect(await client.messages.take()).toBe("hello");
    expect(statuses[0]).toBe(410);
  });

  test("while its $disconnect runs", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    await using gateway = await startGateway({
      routes: { $disconnect: {} },
      answer: async ({ requestContext: { connectionId } }) => {
        const url = `${gateway.managementUrl}/@connections/${connectionId}`;
        resolve((await signedFetch(url, { method: "POST", body: "bye" })).status);
        return returns({ statusCode: 200 });
      },
    });
    const client = await wsConnect(gateway.url);
    client.webSocket.close();
    expect(await promise).toBe(410);
  });

  test("for another gateway in the same process", async () => {
    await using gateway = await startWithClient();
    await using other = await startGateway();
    const url = `${other.managementUrl}/@connections/${gateway.connectionId}`;
    expect((await signedFetch(url)).status).toBe(410);
  });
});

describe("a path", () => {
  test.each([
    ["@", "="],
    ["%40", "="],
    ["@", "%3D"],
    ["%40", "%3d"],
  ])("may have %s and %s", async (at, equals) => {
    await using gateway = await startWithClient();
    const id = gateway.connectionId.replace("=", equals);
    const path = `/live/${at}connections/${id}`;
    const signed = { path, body: "hi", region: "eu-west-1", signedAt: new Date() };
    const { rawHeaders } = await signRequest({ ...signed, headers: { connection: "close" } });
    const headers = rawHeaders.map((text, index) => text + (index % 2 === 0 ? ": " : "\r\n"));
    const request = `POST ${path} HTTP/1.1\r\n${headers.join("")}Content-Length: 2\r\n\r\nhi`;
    expect(await rawExchange(gateway.port, request)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await gateway.client.messages.take()).toBe("hi");
  });

  test.each(["WDGT8fY4joECJrQ=test", "nobody", "WDGT8fY4joECJrQ", '"><script>', "%FF"])(
    "with the malformed id %s is a bad request",
    async (id) => {
      await using gateway = await startGateway();
      const url = `${gateway.managementUrl}/@connections/${encodeURIComponent(id)}`;
      const response = await signedFetch(url, { method: "POST", body: "hi" });
      expect(response.status).toBe(400);
      expect(response.headers.get("x-amzn-errortype")).toBe("BadRequestException");
      expect(await response.text()).toBe(
        JSON.stringify({ message: `Invalid connectionId: ${id}` }),
      );
    },
  );

  test.each([
    ["/other/@connections/C51DherHNjMCI3Q=", "the stage is live, not other"],
    ["/@connections/C51DherHNjMCI3Q=", "the stage is missing"],
    ["/%40connections/C51DherHNjMCI3Q=", "the stage is missing"],
  ])("that is not of the stage is forbidden, and the console says why: %s", async (path, why) => {
    await using gateway = await startGateway();
    const response = await signedFetch(new URL(path, gateway.managementUrl), { method: "POST" });
    expect(response.status).toBe(403);
    expect(response.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
    expect(await response.text()).toBe('{"message":"Forbidden"}');
    expect(await gateway.observations.take()).toEqual({
      kind: "management call rejected",
      method: "POST",
      status: 403,
      problem: `${path}: ${why}; ${RIGHT}`,
    });
  });

  test.each([
    ["POST", "live/@connections/C51DherHNjMCI3Q=", "the stage is there twice"],
    ["POST", "@connections/@connections/C51DherHNjMCI3Q=", "@connections is there twice"],
    ["GET", "@connections/", "the connection id is missing"],
    ["GET", "@connections", "the connection id is missing"],
    ["POST", "connections/C51DherHNjMCI3Q=", "there is no @connections behind the stage"],
    ["DELETE", "@connections/C51DherHNjMCI3Q=/more", "there is more behind the connection id"],
    ["POST", "", "there is no @connections behind the stage"],
    ["PUT", "@connections/C51DherHNjMCI3Q=", "the management API has POST, GET and DELETE"],
  ])("that has no method is answered in AWS's words: %s %s", async (method, route, why) => {
    await using gateway = await startGateway();
    const url = `${gateway.managementUrl}/${route.replace("=", "%3D")}`;
    const response = await signedFetch(url, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get("x-amzn-errortype")).toBe("NotFoundException");
    expect(await response.json()).toEqual({
      message: `No method found matching route ${route} for http method ${method}.`,
    });
    expect(await gateway.observations.take()).toMatchObject({
      kind: "management call rejected",
      status: 404,
      problem: `${new URL(url).pathname}: ${why}; ${RIGHT}`,
    });
  });

  test("that is too long is rejected with 414, and the console says so", async () => {
    await using gateway = await startGateway();
    const path = `/live/@connections/${"x".repeat(4_096)}`;
    const response = await fetch(new URL(path, gateway.managementUrl), { method: "POST" });
    expect(response.status).toBe(414);
    expect(await gateway.observations.take()).toMatchObject({
      status: 414,
      problem: "a URL of 4115 characters; API Gateway accepts 4096",
    });
  });

  test("of a connection serves POST, GET and DELETE only", async () => {
    await using gateway = await startWithClient();
    const response = await signedFetch(gateway.callUrl, { method: "PUT", body: "hi" });
    expect(response.status).toBe(404);
    expect(gateway.client.messages.size).toBe(0);
  });
});
