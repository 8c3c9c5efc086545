import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import { connect, type LocalGateway, startLocalGateway } from "../../../local-gateway/index.ts";
import { startAnsweringServer } from "../../support/start-answering-server.ts";
import { invoke } from "../lambda-api/invoke.ts";

const fixture = (name: string) =>
  fileURLToPath(new URL(`../start/fixtures/${name}/template.yaml`, import.meta.url));

/** Nothing in these tests takes that long. */
const SOON = { timeout: 15_000 };

/** A WebSocket server that does this with every connection; disposing ends it and them. */
async function startServer(serve: (socket: WebSocket) => void) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", serve);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/dev`,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) {
        socket.terminate();
      }
      server.close();
      await once(server, "close");
    },
  };
}

async function start(name: "echo" | "guarded", lines: string[] = []): Promise<LocalGateway> {
  const onLine = (line: string) => lines.push(line);
  return await startLocalGateway({ template: fixture(name), onLine });
}

describe("a client of a test", () => {
  test("takes its messages in the order in which they came, as text or as JSON", async () => {
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    client.send("one");
    expect(await client.next()).toBe("one");
    client.sendJson({ two: 2 });
    expect(await client.nextJson<{ two: number }>()).toEqual({ two: 2 });
    const third = client.next();
    const fourth = client.next();
    client.send("three");
    expect(await third).toBe("three");
    client.send("four");
    expect(await fourth).toBe("four");
  });

  test("brings a query and headers", async () => {
    await using gateway = await start("echo");
    const query = { name: "a b", tag: ["1", "2"] };
    await gateway.connect({ ...SOON, query, headers: { "X-Test": "yes" } });
    const [connected] = gateway.events({ routeKey: "$connect" });
    expect(connected?.event).toMatchObject({
      headers: { "X-Test": "yes" },
      multiValueQueryStringParameters: { name: ["a b"], tag: ["1", "2"] },
    });
  });

  test("offers subprotocols, and says which one the API has chosen", async () => {
    await using server = await startServer(() => {});
    const client = await connect(server.url, { ...SOON, subprotocols: ["chat.v2", "chat.v1"] });
    expect(client.subprotocol).toBe("chat.v2");
  });

  test("says what it has received when no message comes in time", async () => {
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    await expect(client.next(1)).rejects.toMatchObject({
      code: "NO_MESSAGE",
      message: "The client received no message within 1 ms. It has received nothing before.",
    });
    for (const text of ["1", "2", "3", "4", "5", "six"]) {
      client.send(text);
      await client.next();
    }
    await expect(client.next(1)).rejects.toThrow(
      'It has received before: 6 messages, the last "2", "3", "4", "5", "six".',
    );
    client.send("late");
    expect(await client.next()).toBe("late");
  });

  test("says what it has received in place of JSON", async () => {
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    client.send("not JSON");
    await expect(client.nextJson()).rejects.toMatchObject({
      code: "MESSAGE_NOT_JSON",
      message: 'The client received a message that is not JSON: "not JSON".',
    });
  });

  test("knows how its connection has ended, and gives what came before", async () => {
    await using server = await startServer((socket) => {
      socket.send("last words");
      socket.on("message", () => socket.close(4000, "enough"));
    });
    const client = await connect(server.url, SOON);
    client.send("stop");
    expect(await client.closed).toEqual({ code: 4000, reason: "enough" });
    expect(await client.next()).toBe("last words");
    await expect(client.next()).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
      message:
        "The client received no further message: its connection has closed with 4000 enough. " +
        'It has received before: "last words".',
    });
    expect(() => client.send("x")).toThrow(expect.objectContaining({ code: "CONNECTION_CLOSED" }));
    expect(await client.close()).toEqual({ code: 4000, reason: "enough" });
  });

  test("waits no longer for a message when its connection ends", async () => {
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    const waiting = expect(client.next()).rejects.toThrow("has closed with 1001 Going away");
    await gateway.close();
    await waiting;
  });

  test("closes with a code and a reason, and by await using", async () => {
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    expect(await client.close(4001, "done")).toEqual({ code: 4001, reason: "done" });
    const { connectionId } = client;
    const disconnected = await gateway.waitForEvent(
      { routeKey: "$disconnect", connectionId },
      SOON.timeout,
    );
    expect(disconnected.event).toMatchObject({ requestContext: { disconnectStatusCode: 4001 } });
    await expect(client.close(1001)).rejects.toThrow(
      "code takes 1000 or a whole number from 3000 to 4999, not 1001.",
    );
    {
      await using _client = await gateway.connect(SOON);
      expect(gateway.connections).toBe(1);
    }
    expect(gateway.connections).toBe(0);
  });

  test("reads on when less than 1,000 messages wait to be taken", async () => {
    const sent = Array.from({ length: 1_500 }, (_, index) => String(index));
    await using server = await startServer((socket) => {
      for (const text of sent) {
        socket.send(text);
      }
      socket.on("message", () => socket.send("last"));
    });
    const client = await connect(server.url, SOON);
    // The first client has received all that it reads when another one has come and gone, unread.
    const other = await connect(server.url, SOON);
    expect(await other.close()).toEqual({ code: 1000, reason: "" });
    const received: string[] = [];
    for (const _ of sent) {
      received.push(await client.next());
    }
    expect(received).toEqual(sent);
    client.send("go on");
    expect(await client.next()).toBe("last");
    await client.close();
  });

  test.each([
    ["denied", 403],
    ["wrong", 401],
  ])("with the token %j is rejected with %i", async (token, status) => {
    await using gateway = await start("guarded");
    await expect(gateway.connect({ ...SOON, query: { token } })).rejects.toMatchObject({
      name: "ConnectionRejectedError",
      code: "CONNECTION_REJECTED",
      status,
      message: expect.stringMatching(new RegExp(`^The connection is rejected with ${status}: {`)),
    });
  });

  test("connects to a URL, too, and says which one cannot be reached", async () => {
    const gateway = await start("echo");
    const client = await connect(gateway.url, SOON);
    client.send("hello");
    expect(await client.next()).toBe("hello");
    await gateway.close();
    await expect(connect(`${gateway.url}?token=secret`)).rejects.toMatchObject({
      code: "CONNECTION_FAILED",
      message: expect.stringMatching(
        /^There is no connection to ws:\/\/127\.0\.0\.1:\d+\/test: connect ECONNREFUSED/,
      ),
    });
  });

  test("ends its attempt when no answer comes in time", async () => {
    await using silent = await startAnsweringServer("silence");
    const url = silent.endpoint.replace("http:", "ws:");
    await expect(connect(url, { timeout: 50 })).rejects.toMatchObject({
      code: "CONNECTION_FAILED",
    });
  });

  test("knows the status of a rejection whose body does not end in time", async () => {
    await using rejecting = await startAnsweringServer({ status: 403, endless: true });
    const url = rejecting.endpoint.replace("http:", "ws:");
    await expect(connect(url, { timeout: 200 })).rejects.toMatchObject({
      code: "CONNECTION_REJECTED",
      status: 403,
      body: "{",
    });
  });

  test("reads no more than 64 KB of the body of a rejection", async () => {
    const body = "x".repeat(1_000_000);
    await using rejecting = await startAnsweringServer({ status: 403, body });
    const url = rejecting.endpoint.replace("http:", "ws:");
    await expect(connect(url, SOON)).rejects.toMatchObject({
      status: 403,
      body: body.slice(0, 65_536),
    });
  });

  test.each<[string, object, string]>([
    ["", { subprotocols: ["a b"] }, "subprotocol"],
    ["", { subprotocols: ["chat", "chat"] }, "subprotocol"],
    ["", { headers: { "X-Test": "a\nb" } }, "X-Test"],
    ["", { headers: { "a b": "x" } }, "a b"],
    ["#part", {}, "fragment"],
  ])("rejects %j and %j, which no upgrade request can have", async (end, options, named) => {
    await expect(connect(`ws://127.0.0.1:1/dev${end}`, options)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringMatching(new RegExp(`^connect: .*${named}.*[^.]\\.$`)),
    });
  });

  test.each<[object, string]>([
    [
      { qurey: {} },
      "There is no option qurey: the options are query, headers, subprotocols, timeout.",
    ],
    [
      { query: { a: 1 } },
      "query takes an object with texts, or lists of texts, by their names, not",
    ],
    [{ headers: [] }, "headers takes an object with texts by the names of headers, not []."],
    [
      { subprotocols: "chat" },
      'subprotocols takes a list of a text that is not empty, not "chat".',
    ],
    [{ timeout: 0 }, "timeout takes a number of milliseconds above 0 and up to 2147483000, not 0."],
  ])("rejects the options %j", async (options, sentence) => {
    const connecting = connect("ws://127.0.0.1:1/dev", options);
    await expect(connecting).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining(sentence),
    });
  });

  test("rejects what is not a URL of a WebSocket API, and what is not a text", async () => {
    await expect(connect("http://127.0.0.1")).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    expect(() => client.send({} as never)).toThrow(
      "send takes a text; sendJson takes anything else",
    );
  });
});

describe("the gateway of a test", () => {
  test("knows the events of each function, route and connection", async () => {
    await using gateway = await start("guarded");
    const alice = await gateway.connect({ ...SOON, query: { token: "alice" } });
    const bob = await gateway.connect({ ...SOON, query: { token: "bob" } });
    bob.send("hello");
    await bob.next();
    const [guarded, ...others] = gateway.events({ functionId: "GuardFunction" });
    expect(guarded).toMatchObject({
      routeKey: "$connect",
      connectionId: alice.connectionId,
      event: { type: "REQUEST", queryStringParameters: { token: "alice" } },
      outcome: "returned",
    });
    expect(others).toHaveLength(1);
    expect(gateway.events({ functionId: "WhoFunction", routeKey: "$connect" })).toHaveLength(2);
    expect(gateway.events({ routeKey: "$default" })).toMatchObject([
      { functionId: "WhoFunction", connectionId: bob.connectionId, event: { body: "hello" } },
    ]);
    expect(gateway.events({ connectionId: alice.connectionId })).toHaveLength(2);
    expect(gateway.events()).toHaveLength(5);
  });

  test("waits for an event whose function has ended, and knows how", async () => {
    await using gateway = await start("guarded");
    const client = await gateway.connect({ ...SOON, query: { token: "alice" } });
    const failed = gateway.waitForEvent({ routeKey: "fail" }, SOON.timeout);
    client.sendJson({ action: "fail" });
    expect(await failed).toMatchObject({ outcome: "failed", problem: "TypeError: boom" });
    expect(await gateway.waitForEvent({ routeKey: "fail" })).toEqual(await failed);
    await expect(gateway.waitForEvent({ routeKey: "once" }, 1)).rejects.toMatchObject({
      code: "NO_EVENT",
      message:
        'No function has handled an event {"routeKey":"once"} within 1 ms. The last events: ' +
        "$connect of GuardFunction (returned), $connect of WhoFunction (returned), fail of WhoFunction (failed).",
    });
  });

  test("gives each caller events of its own", async () => {
    await using gateway = await start("echo");
    await gateway.connect(SOON);
    const [first] = gateway.events();
    Object.assign(first?.event as object, { headers: "changed" });
    expect(gateway.events()[0]?.event).not.toMatchObject({ headers: "changed" });
  });

  test("rejects an event that is nested too deeply for JSON, and does not record it", async () => {
    await using gateway = await start("echo");
    const depth = 100_000;
    const payload = "[".repeat(depth) + "]".repeat(depth);
    const { origin } = new URL(gateway.managementUrl);
    const { region } = gateway;
    const answer = await invoke(origin, "local-EchoFunction", { payload, region });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("The event has no JSON");
    expect(gateway.events()).toEqual([]);
  });

  test("knows what was posted to each connection", async () => {
    await using gateway = await start("echo");
    const alice = await gateway.connect(SOON);
    const bob = await gateway.connect(SOON);
    alice.sendJson({ action: "post" });
    const data = await alice.next();
    expect(data).toBe(`posted to ${alice.connectionId}`);
    expect(gateway.posts()).toEqual([{ connectionId: alice.connectionId, data, status: 200 }]);
    expect(gateway.posts({ connectionId: bob.connectionId })).toEqual([]);
  });

  test("keeps the last 1,000 events", async () => {
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    for (let index = 0; index < 1_001; index += 1) {
      client.send(String(index));
    }
    for (let index = 0; index < 1_001; index += 1) {
      await client.next();
    }
    const events = gateway.events();
    expect(events).toHaveLength(1_000);
    expect(events[0]?.routeKey).toBe("$default");
  });

  test("keeps at most 16 MB of events", async () => {
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    const text = "x".repeat(30_000);
    for (let index = 0; index < 600; index += 1) {
      client.send(text);
      await client.next();
    }
    const events = gateway.events();
    expect(JSON.stringify(events.map(({ event }) => event)).length).toBeLessThan(17 * 1024 * 1024);
    expect(events.length).toBeGreaterThan(500);
  });

  test("rejects a filter that it does not know", async () => {
    await using gateway = await start("echo");
    const error = { code: "INVALID_OPTION" };
    expect(() => gateway.events({ route: "post" } as never)).toThrow(
      "There is no option route: the options are functionId, routeKey, connectionId.",
    );
    expect(() => gateway.posts("all" as never)).toThrow(expect.objectContaining(error));
    await expect(gateway.waitForEvent({ routeKey: "" })).rejects.toMatchObject(error);
  });

  test("closes the connection of a client that has stopped reading", async () => {
    await using gateway = await start("echo");
    const client = await gateway.connect(SOON);
    const other = await gateway.connect(SOON);
    for (let index = 0; index < 1_100; index += 1) {
      client.send("hello");
      // When the other one has its answer, the client has nearly all of its own.
      other.send("hello");
      await other.next();
    }
    await gateway.close();
    expect(await client.closed).toMatchObject({ code: 1001 });
  });

  test("closes by await using", async () => {
    const gateway = await start("echo");
    {
      await using _gateway = gateway;
    }
    await expect(connect(gateway.url)).rejects.toMatchObject({ code: "CONNECTION_FAILED" });
  });
});
