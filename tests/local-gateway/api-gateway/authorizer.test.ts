import type { InvocationResult } from "../../../local-gateway/lambda/invocation.ts";
import { contextOf } from "../support/expected-context.ts";
import type { RecordedEvent } from "../support/recorded-event.ts";
import { returns } from "../support/returns.ts";
import { startGateway, type TestGatewayOptions } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const DOMAIN = "k2v9xq41ab.execute-api.eu-west-1.amazonaws.com";
const METHOD_ARN = "arn:aws:execute-api:eu-west-1:123456789012:k2v9xq41ab/live/$connect";

/** The result of an authorizer with a policy of one statement. */
function policy({ Effect = "Allow", Action = "execute-api:Invoke", Resource = METHOD_ARN } = {}) {
  const Statement = [{ Effect, Action, Resource }];
  return { principalId: "alice", policyDocument: { Version: "2012-10-17", Statement } };
}

/** A gateway with an authorizer that answers `result`. */
function startGuarded(result: InvocationResult, options: TestGatewayOptions = {}) {
  const answer = ({ type }: RecordedEvent) =>
    type === "REQUEST" ? result : returns({ statusCode: 200 });
  return startGateway({ identitySources: [], answer, ...options });
}

const failed = (errorMessage: string): InvocationResult => ({
  outcome: "failed",
  errorType: "Error",
  errorMessage,
});

test("an authorizer's event has the recorded shape", async () => {
  await using gateway = await startGuarded(returns(policy()));
  await wsConnect(gateway.url, { headers: { Authorization: "Leo" }, perMessageDeflate: false });
  const event = await gateway.events.take();
  const headers = {
    Authorization: "Leo",
    Connection: "upgrade",
    "content-length": "0",
    Host: DOMAIN,
    "Sec-WebSocket-Key": expect.stringMatching(/^.{22}==$/),
    "Sec-WebSocket-Version": "13",
    Upgrade: "websocket",
    "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-/),
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
  };
  const expected = {
    type: "REQUEST",
    methodArn: METHOD_ARN,
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    stageVariables: {},
    requestContext: {
      ...contextOf("$connect", "CONNECT"),
      extendedRequestId: event.requestContext.requestId,
      identity: { sourceIp: "127.0.0.1" },
    },
  };
  expect(event).toEqual(expected);
  expect(Object.keys(event)).toEqual(Object.keys(expected));
  expect(Object.keys(event.headers ?? {})).toEqual(Object.keys(headers));
});

test("the $connect event belongs to the same request, with what the authorizer said", async () => {
  await using gateway = await startGuarded(returns(policy()));
  await wsConnect(gateway.url);
  const { requestContext: authorized } = await gateway.events.take();
  const { requestContext, headers } = await gateway.events.take();
  expect(requestContext).toEqual({ ...authorized, authorizer: { principalId: "alice" } });
  expect(Object.keys(headers ?? {})).not.toContain("Connection");
});

test("principal and context are texts in every event of the connection", async () => {
  const context = { role: "admin", age: 42, active: true };
  await using gateway = await startGuarded(returns({ ...policy(), context }));
  const client = await wsConnect(gateway.url);
  await gateway.events.take();
  client.send("hello");
  const authorizer = { role: "admin", age: "42", active: "true", principalId: "alice" };
  expect((await gateway.events.take()).requestContext).toMatchObject({
    eventType: "CONNECT",
    authorizer,
  });
  expect((await gateway.events.take()).requestContext).toMatchObject({
    eventType: "MESSAGE",
    authorizer,
  });
  client.webSocket.close();
  expect((await gateway.events.take()).requestContext).toMatchObject({
    eventType: "DISCONNECT",
    authorizer,
  });
});

test("events without an authorizer have no authorizer member", async () => {
  await using gateway = await startGateway();
  await wsConnect(gateway.url);
  expect((await gateway.events.take()).requestContext).not.toHaveProperty("authorizer");
});

test("stage variables are in the authorizer's event and in those of the integrations", async () => {
  const stageVariables = { color: "blue" };
  await using gateway = await startGuarded(returns(policy()), { stageVariables });
  const client = await wsConnect(gateway.url);
  client.send("hello");
  await gateway.events.take();
  await gateway.events.take();
  client.webSocket.close();
  for (const eventType of ["MESSAGE", "DISCONNECT"]) {
    const event = await gateway.events.take();
    expect(event).toMatchObject({ stageVariables, requestContext: { eventType } });
  }
});

test.each([
  ["names the route", METHOD_ARN],
  ["covers the API", "arn:aws:execute-api:eu-west-1:123456789012:k2v9xq41ab/*"],
  ["covers everything", "*"],
  ["has a ? in it", METHOD_ARN.replace("live", "l?ve")],
])("a policy that %s accepts the client", async (_, Resource) => {
  await using gateway = await startGuarded(returns(policy({ Resource })));
  const { webSocket } = await wsConnect(gateway.url);
  expect(webSocket.readyState).toBe(webSocket.OPEN);
});

const both = {
  principalId: "alice",
  policyDocument: {
    Statement: [
      { Effect: "Allow", Action: ["execute-api:*"], Resource: ["*"] },
      { Effect: "Deny", Action: "*", Resource: METHOD_ARN },
    ],
  },
};

test.each<[number, string, InvocationResult]>([
  [401, "fails with the text Unauthorized", failed("Unauthorized")],
  [500, "fails with another text", failed("Unauthorized!")],
  [500, "is not run", { outcome: "rejected", errorType: "Throttled", errorMessage: "" }],
  [500, "returns nothing", returns(null)],
  [500, "returns a status instead of a policy", returns({ statusCode: 401 })],
  [500, "returns the plain answer of HTTP APIs", returns({ isAuthorized: true })],
  [500, "returns more than 8 KB", returns({ ...policy(), context: { a: "x".repeat(8192) } })],
  [403, "denies", returns(policy({ Effect: "Deny" }))],
  [403, "both allows and denies", returns(both)],
  [403, "allows another route", returns(policy({ Resource: `${METHOD_ARN}ed` }))],
  [403, "allows another stage", returns(policy({ Resource: METHOD_ARN.replace("live", "x") }))],
  [403, "allows another action", returns(policy({ Action: "execute-api:ManageConnections" }))],
])("the upgrade is answered with %i when the authorizer %s", async (status, _, result) => {
  await using gateway = await startGuarded(result);
  expect(await wsRejection(gateway.url)).toMatchObject({ status });
  expect((await gateway.events.take()).type).toBe("REQUEST");
  await gateway.gateway.close();
  expect(gateway.events.size).toBe(0);
});

test("a result of 8 KB is accepted", async () => {
  const result = { ...policy(), context: { a: "" } };
  const a = "x".repeat(8192 - JSON.stringify(result).length);
  await using gateway = await startGuarded(returns({ ...result, context: { a } }));
  const { webSocket } = await wsConnect(gateway.url);
  expect(webSocket.readyState).toBe(webSocket.OPEN);
});

test("a rejection does not show the authorizer's error, and the console does", async () => {
  await using gateway = await startGuarded(failed("secret"));
  expect((await wsRejection(gateway.url)).body).not.toContain("secret");
  expect(await gateway.observations.take()).toMatchObject({
    kind: "rejected",
    status: 500,
    problem: "the authorizer failed: Error: secret",
  });
});

describe("identity sources", () => {
  const identitySources = [
    "route.request.header.X-Token",
    "route.request.querystring.room",
    "stageVariables.color",
    "context.identity.sourceIp",
  ];
  const stageVariables = { color: "blue" };

  test("that are all there let the authorizer decide", async () => {
    await using gateway = await startGuarded(returns(policy()), {
      identitySources,
      stageVariables,
    });
    await wsConnect(`${gateway.url}?room=1`, { headers: { "x-token": "t" } });
    expect((await gateway.events.take()).type).toBe("REQUEST");
  });

  test.each([
    ["a header is missing", "?room=1", {}, stageVariables, identitySources[0]],
    ["a header is empty", "?room=1", { "X-Token": "" }, stageVariables, identitySources[0]],
    ["a parameter is missing", "", { "X-Token": "t" }, stageVariables, identitySources[1]],
    ["a parameter is empty", "?room=", { "X-Token": "t" }, stageVariables, identitySources[1]],
    [
      "a parameter has other capitals",
      "?Room=1",
      { "X-Token": "t" },
      stageVariables,
      identitySources[1],
    ],
    ["a stage variable is missing", "?room=1", { "X-Token": "t" }, {}, identitySources[2]],
  ])(
    "are rejected with 401 and without a call when %s",
    async (_, query, headers, variables, source) => {
      await using gateway = await startGuarded(returns(policy()), {
        identitySources,
        stageVariables: variables,
      });
      const rejection = await wsRejection(`${gateway.url}${query}`, { headers });
      expect(rejection).toMatchObject({ status: 401 });
      expect(rejection.body).toMatch(/^\{"message": "Unauthorized", "connectionId":/);
      expect(await gateway.observations.take()).toMatchObject({
        problem: `the authorizer's identity source ${source} is missing`,
      });
      expect(gateway.events.size).toBe(0);
    },
  );

  test("that every object inherits are missing", async () => {
    await using gateway = await startGuarded(returns(policy()), {
      identitySources: ["route.request.querystring.constructor"],
    });
    expect(await wsRejection(gateway.url)).toMatchObject({ status: 401 });
  });
});

test("an authorizer runs for every client, and also where $connect has no integration", async () => {
  await using gateway = await startGuarded(returns(policy()), {
    routes: { $connect: { integrated: false } },
  });
  await wsConnect(gateway.url);
  await wsConnect(gateway.url);
  expect(gateway.events.size).toBe(2);
});
