import fc from "fast-check";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };

/** An authorizer's result with one statement and a context. */
const result = (own: object, context?: unknown) => ({
  principalId: "alice",
  policyDocument: { Version: "2012-10-17", Statement: [{ ...statement, ...own }] },
  ...(context !== undefined && { context }),
});

/** A gateway whose authorizer returns what `payload` gives. */
const startGuarded = (payload: () => unknown) =>
  startGateway({
    routes: { $connect: {} },
    identitySources: [],
    answer: ({ type }) => returns(type === "REQUEST" ? payload() : { statusCode: 200 }),
  });

/** What the `$connect` event says under `authorizer` when the authorizer returns `payload`. */
async function authorizerOf(payload: unknown) {
  await using gateway = await startGuarded(() => payload);
  await wsConnect(gateway.url);
  await gateway.events.take();
  return (await gateway.events.take()).requestContext.authorizer;
}

test("a statement may have a Sid, one action or a list of them, and one resource or a list", async () => {
  const own = { Sid: "Connect", Action: ["execute-api:Invoke"], Resource: ["a", "*"] };
  expect(await authorizerOf(result(own))).toEqual({ principalId: "alice" });
});

test("one statement need not stand in a list", async () => {
  const payload = { principalId: "a", policyDocument: { Statement: statement } };
  expect(await authorizerOf(payload)).toEqual({ principalId: "a" });
});

test("the values of the context become text", async () => {
  const context = { a: "x", b: 1.5, c: false };
  expect(await authorizerOf(result({}, context))).toEqual({
    a: "x",
    b: "1.5",
    c: "false",
    principalId: "alice",
  });
});

test.each<[string, unknown]>([
  ["the result has no principalId", { ...result({}), principalId: undefined }],
  ["the result has no principalId", "allow"],
  ["the result has no policyDocument with a Statement", { principalId: "a" }],
  ["the Effect of a statement is neither Allow nor Deny", result({ Effect: "allow" })],
  [
    "the Action or the Resource of a statement is neither a text nor a list of texts",
    result({ Resource: undefined }),
  ],
  ["Condition in a statement is not evaluated here", result({ Condition: {} })],
  ["NotAction in a statement is not evaluated here", result({ NotAction: "*" })],
  ["context is not an object", result({}, [])],
  ["context.user is neither a text nor a number nor a boolean", result({}, { user: { id: 1 } })],
  ["context.user is neither a text nor a number nor a boolean", result({}, { user: null })],
])("an upgrade is rejected when %s", async (problem, payload) => {
  await using gateway = await startGuarded(() => payload);
  expect(await wsRejection(gateway.url)).toMatchObject({ status: 500 });
  expect(await gateway.observations.take()).toMatchObject({
    problem: `the authorizer failed: ${problem}`,
  });
});

test("any JSON is a policy or rejected with a sentence", async () => {
  let payload: unknown;
  await using gateway = await startGuarded(() => payload);
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (Statement, context) => {
      payload = { principalId: "a", policyDocument: { Statement }, context };
      const { status } = await wsRejection(gateway.url);
      const observation = await gateway.observations.take();
      expect(observation).toMatchObject({ kind: "rejected", status });
      expect([403, 500]).toContain(status);
    }),
  );
});
