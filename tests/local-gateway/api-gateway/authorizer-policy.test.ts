import fc from "fast-check";
import { authorizerPolicy } from "../../../local-gateway/api-gateway/authorizer-answer.ts";

const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };

/** An authorizer's result with one statement and a context. */
const result = (own: object, context?: unknown) => ({
  principalId: "alice",
  policyDocument: { Version: "2012-10-17", Statement: [{ ...statement, ...own }] },
  ...(context !== undefined && { context }),
});

test("a policy has its statements, with single actions and resources as lists of one", () => {
  expect(authorizerPolicy(result({ Sid: "Connect", Resource: ["a", "b"] }))).toEqual({
    principalId: "alice",
    statements: [{ effect: "Allow", actions: ["execute-api:Invoke"], resources: ["a", "b"] }],
    context: {},
  });
});

test("one statement need not stand in a list", () => {
  const policyDocument = { Statement: statement };
  expect(authorizerPolicy({ principalId: "a", policyDocument })).toMatchObject({
    statements: [{ effect: "Allow" }],
  });
});

test("what the context says becomes text", () => {
  expect(authorizerPolicy(result({}, { a: "x", b: 1.5, c: false }))).toMatchObject({
    context: { a: "x", b: "1.5", c: "false" },
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
])("%s", (problem, payload) => {
  expect(authorizerPolicy(payload)).toBe(problem);
});

test("any JSON is a policy or a sentence", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (Statement, context) => {
      const read = authorizerPolicy({ principalId: "a", policyDocument: { Statement }, context });
      expect(typeof read === "string" || Array.isArray(read.statements)).toBe(true);
    }),
  );
});
