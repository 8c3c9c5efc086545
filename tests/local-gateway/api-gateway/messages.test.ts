import type { InvocationResult } from "../../../local-gateway/lambda/invocation.ts";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

const ONE_WAY = { $default: {} };
const TWO_WAY = { $default: { twoWay: true } };

describe("a one-way route", () => {
  test.each([200, 201, 301, 401, 501])(
    "sends nothing when the status is %i",
    async (statusCode) => {
      await using gateway = await startGateway({
        routes: { $default: {}, last: { twoWay: true } },
        answer: ({ requestContext: { routeKey } }) =>
          returns({ statusCode, body: `from ${routeKey}` }),
      });
      const client = await wsConnect(gateway.url);
      client.send("one");
      expect((await gateway.observations.take()).kind).toBe("connected");
      expect((await gateway.observations.take()).kind).toBe("message");
      client.send('{"action":"last"}');
      expect(await client.messages.take()).toBe("from last");
    },
  );
});

describe("a two-way route", () => {
  test.each([200, 201, 301, 401, 501])(
    "sends the body when the status is %i",
    async (statusCode) => {
      await using gateway = await startGateway({
        routes: TWO_WAY,
        answer: ({ body }) => returns({ statusCode, body: `you said ${body}` }),
      });
      const client = await wsConnect(gateway.url);
      client.send("é");
      expect(await client.messages.take()).toBe("you said é");
    },
  );

  test("sends an empty message when there is no body", async () => {
    await using gateway = await startGateway({ routes: TWO_WAY });
    const client = await wsConnect(gateway.url);
    client.send("one");
    expect(await client.messages.take()).toBe("");
  });

  test("sends a body of more than 128 KB not at all", async () => {
    const body = "x".repeat(128 * 1024 + 1);
    await using gateway = await startGateway({
      routes: TWO_WAY,
      answer: () => returns({ statusCode: 200, body }),
    });
    const client = await wsConnect(gateway.url);
    client.send("one");
    expect(await client.messages.take()).toContain("Internal server error");
  });
});

describe.each([
  ["one-way", ONE_WAY],
  ["two-way", TWO_WAY],
])("on a %s route", (_, routes) => {
  test.each<[string, InvocationResult]>([
    ["throws", { outcome: "failed", errorType: "Error", errorMessage: "secret" }],
    ["is not run", { outcome: "rejected", errorType: "Throttled", errorMessage: "" }],
    ["returns nothing", returns(null)],
    ["returns an unknown member", returns({ statusCode: 200, data: 1 })],
    ["returns a body that is not a text", returns({ statusCode: 200, body: { a: 1 } })],
  ])("a function that %s ends in an internal server error", async (_case, result) => {
    await using gateway = await startGateway({
      routes: { ...routes, last: { twoWay: true } },
      answer: ({ requestContext: { routeKey } }) =>
        routeKey === "last" ? returns({ statusCode: 200, body: "still open" }) : result,
    });
    const client = await wsConnect(gateway.url);
    client.send("one");
    const { connectionId, requestId } = (await gateway.events.take()).requestContext;
    expect(await client.messages.take()).toBe(
      `{"message": "Internal server error", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
    );
    client.send('{"action":"last"}');
    expect(await client.messages.take()).toBe("still open");
  });

  test("a function that is too slow ends in a time-out, and its answer is dropped", async () => {
    const { promise, resolve } = Promise.withResolvers<InvocationResult>();
    const [[routeKey, route]] = Object.entries(routes) as [[string, object]];
    await using gateway = await startGateway({
      routes: { [routeKey]: { ...route, integrationTimeout: 50 }, last: { twoWay: true } },
      answer: ({ requestContext }) =>
        requestContext.routeKey === "last" ? returns({ statusCode: 200, body: "last" }) : promise,
    });
    const client = await wsConnect(gateway.url);
    client.send("one");
    const { connectionId, requestId } = (await gateway.events.take()).requestContext;
    expect(await client.messages.take()).toBe(
      `{"message": "Endpoint request timed out", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
    );
    resolve(returns({ statusCode: 200, body: "too late" }));
    client.send('{"action":"last"}');
    expect(await client.messages.take()).toBe("last");
  });
});

test("an error frame does not show the function's error", async () => {
  const failed = { outcome: "failed", errorType: "Error", errorMessage: "secret" } as const;
  await using gateway = await startGateway({
    routes: ONE_WAY,
    answer: ({ body }) => (body === undefined ? returns({ statusCode: 200 }) : failed),
  });
  const client = await wsConnect(gateway.url);
  client.send("one");
  expect(await client.messages.take()).not.toContain("secret");
});

test("a message that no route takes is forbidden, and the connection stays open", async () => {
  await using gateway = await startGateway({ routes: { last: { twoWay: true } } });
  const client = await wsConnect(gateway.url);
  client.send('{"action":"other"}');
  expect(await client.messages.take()).toMatch(
    /^\{"message": "Forbidden", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/,
  );
  client.send('{"action":"last"}');
  expect(await client.messages.take()).toBe("");
  expect((await gateway.events.take()).requestContext.routeKey).toBe("last");
});

test("a route without an integration is an internal server error", async () => {
  await using gateway = await startGateway({ routes: { $default: { integrated: false } } });
  const client = await wsConnect(gateway.url);
  client.send("one");
  expect(await client.messages.take()).toContain("Internal server error");
});

test.each([
  ["its action names it", '{"action":"say"}', "say"],
  ["its action is the number that names it", '{"action":5}', "5"],
  ["its action is a list that names it", '{"action":["a","b"]}', "[a, b]"],
])("a message goes to a route when %s", async (_, text, routeKey) => {
  await using gateway = await startGateway({ routes: { [routeKey]: {}, $default: {} } });
  const client = await wsConnect(gateway.url);
  client.send(text);
  expect((await gateway.events.take()).requestContext.routeKey).toBe(routeKey);
});

test.each([
  ["its action names no route", '{"action":"other"}'],
  ["it has no action", "{}"],
  ["its action is null", '{"action":null}'],
  ["its action is inherited by every object", '{"action":"constructor"}'],
  ["it is not an object", "5"],
  ["it is not JSON", "{action"],
  ["it is empty", ""],
  ["it is nested without an end", "[".repeat(32_000)],
])("a message goes to $default when %s", async (_, body) => {
  await using gateway = await startGateway({ routes: { say: {}, $default: {} } });
  const client = await wsConnect(gateway.url);
  client.send(body);
  const event = await gateway.events.take();
  expect(event.requestContext.routeKey).toBe("$default");
  expect(event.body).toBe(body);
});

test("a message can select $connect by its text, and stays a message", async () => {
  await using gateway = await startGateway();
  const client = await wsConnect(gateway.url);
  await gateway.events.take();
  client.send('{"action":"$connect"}');
  expect((await gateway.events.take()).requestContext).toMatchObject({
    routeKey: "$connect",
    eventType: "MESSAGE",
  });
});

test("messages of one connection do not wait for one another", async () => {
  const { promise, resolve } = Promise.withResolvers<InvocationResult>();
  await using gateway = await startGateway({
    routes: TWO_WAY,
    answer: ({ body }) => (body === "slow" ? promise : returns({ statusCode: 200, body })),
  });
  const client = await wsConnect(gateway.url);
  client.send("slow");
  client.send("quick");
  expect(await client.messages.take()).toBe("quick");
  resolve(returns({ statusCode: 200, body: "slow" }));
  expect(await client.messages.take()).toBe("slow");
});

test("an answer for a connection that has closed is dropped", async () => {
  const { promise, resolve } = Promise.withResolvers<InvocationResult>();
  await using gateway = await startGateway({
    routes: { ...TWO_WAY, $disconnect: {} },
    answer: ({ requestContext: { eventType } }) =>
      eventType === "MESSAGE" ? promise : returns({ statusCode: 200 }),
  });
  const client = await wsConnect(gateway.url);
  client.send("one");
  await gateway.events.take();
  client.webSocket.close();
  expect((await gateway.events.take()).requestContext.eventType).toBe("DISCONNECT");
  resolve(returns({ statusCode: 200, body: "too late" }));
  const other = await wsConnect(gateway.url);
  other.send("one");
  expect(await other.messages.take()).toBe("too late");
  expect(client.messages.size).toBe(0);
});
