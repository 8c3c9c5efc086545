import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

/** One request, and no second one while a test runs. */
const ONCE = { rate: 0.000_1, burst: 1, setBy: "RouteSettings" } as const;

test("an upgrade above the limit of $connect is answered with 429, and no function runs", async () => {
  await using gateway = await startGateway({
    routes: { $connect: { throttle: ONCE } },
    identitySources: [],
    answer: ({ type }) => {
      const Statement = [{ Effect: "Allow", Action: "*", Resource: "*" }];
      const policy = { principalId: "a", policyDocument: { Statement } };
      return returns(type === "REQUEST" ? policy : { statusCode: 200 });
    },
  });
  await wsConnect(gateway.url);
  expect((await gateway.observations.take()).kind).toBe("connected");
  const { status, body } = await wsRejection(gateway.url);
  expect(status).toBe(429);
  expect(body).toMatch(
    /^\{"message": "Too Many Requests", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/,
  );
  expect(await gateway.observations.take()).toMatchObject({
    kind: "rejected",
    status: 429,
    problem: "$connect is throttled at 0.0001 a second, burst 1 (RouteSettings)",
  });
  expect(gateway.events.size).toBe(2);
});

test("a message above the limit of its route is rejected with a frame, others are not", async () => {
  await using gateway = await startGateway({
    routes: { say: { throttle: ONCE, twoWay: true }, $default: { twoWay: true } },
    answer: ({ requestContext }) => returns({ statusCode: 200, body: requestContext.routeKey }),
  });
  const client = await wsConnect(gateway.url);
  client.send('{"action":"say"}');
  expect(await client.messages.take()).toBe("say");
  client.send('{"action":"say"}');
  expect(await client.messages.take()).toMatch(
    /^\{"message": "Too Many Requests", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/,
  );
  client.send("else");
  expect(await client.messages.take()).toBe("$default");
  expect(gateway.events.size).toBe(2);
});

test("a limit is for all connections together", async () => {
  await using gateway = await startGateway({
    routes: { $default: { throttle: ONCE, twoWay: true } },
  });
  const [one, two] = [await wsConnect(gateway.url), await wsConnect(gateway.url)];
  one.send("first");
  expect(await one.messages.take()).toBe("");
  two.send("second");
  expect(await two.messages.take()).toContain("Too Many Requests");
});

test("a client that goes on sending too much is closed with 1008", async () => {
  await using gateway = await startGateway({
    routes: { $disconnect: {}, $default: { throttle: { ...ONCE, burst: 0 } } },
  });
  const client = await wsConnect(gateway.url);
  for (let sent = 0; sent < 101; sent += 1) {
    client.send("again");
  }
  expect(await client.closed).toEqual({ code: 1008, reason: "" });
  expect(client.messages.size).toBe(101);
  expect((await gateway.events.take()).requestContext).toMatchObject({
    routeKey: "$disconnect",
    disconnectStatusCode: 1008,
  });
  let observation = await gateway.observations.take();
  while (observation.kind !== "disconnected") {
    observation = await gateway.observations.take();
  }
  expect(observation.cause.explanation).toMatch(/^more than 100 messages rejected within 10 s; /);
});
