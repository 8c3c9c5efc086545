import fc from "fast-check";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

/** A client of routes with these keys and `$default`, which finds out the route that an expression selects for a text. */
async function startSelecting(routeSelectionExpression: string, keys: readonly string[] = []) {
  const gateway = await startGateway({
    routeSelectionExpression,
    routes: Object.fromEntries(["$default", ...keys].map((key) => [key, { twoWay: true }])),
    answer: ({ requestContext: { routeKey } }) => returns({ statusCode: 200, body: routeKey }),
  });
  const client = await wsConnect(gateway.url);
  return {
    async select(text: string): Promise<string> {
      client.send(text);
      return await client.messages.take();
    },
    [Symbol.asyncDispose]: () => gateway.gateway.close(),
  };
}

/** The key of the route that an expression selects for a message. */
async function select(expression: string, message: unknown, keys: readonly string[] = []) {
  await using selecting = await startSelecting(expression, keys);
  return await selecting.select(JSON.stringify(message));
}

test.each([
  ["$request.body.action", { action: "say" }, "say"],
  [`\${request.body.action}`, { action: "say" }, "say"],
  ["$request.body.a.b.c", { a: { b: { c: "deep" } } }, "deep"],
  ["$request.body.a[1].b", { a: [0, { b: "second" }] }, "second"],
  ["$request.body[0]", ["first"], "first"],
  ["$request.body['my action']", { "my action": "say" }, "say"],
  ['$request.body["my.action"]', { "my.action": "say" }, "say"],
  ["$request.body.größe", { größe: "M" }, "M"],
  [`v1-\${request.body.action}`, { action: "say" }, "v1-say"],
  [`\${request.body.a}/\${request.body.b}`, { a: "x", b: "y" }, "x/y"],
  ["$request.body.a/$request.body.b", { a: "x", b: "y" }, "x/y"],
  [`\${request.body.a}\${request.body.b}`, { a: "x" }, "x"],
  ["$request.body", "say", "say"],
  ["fixed", { action: "say" }, "fixed"],
])("%s of %j selects the route %s", async (expression, message, routeKey) => {
  expect(await select(expression, message, [routeKey])).toBe(routeKey);
});

test.each([
  [["a", "b"], "[a, b]"],
  [[], "[]"],
  [[1, [true, null]], "[1, [true, ]]"],
  [{ a: 1, b: "c" }, "{a=1, b=c}"],
  [5, "5"],
  [false, "false"],
])("the action %j is compared as the text %s", async (action, routeKey) => {
  expect(await select("$request.body.action", { action }, [routeKey])).toBe(routeKey);
});

test.each(["$request.body.list.length", "$request.body.text.length", "$request.body.constructor"])(
  "%s finds only what the message itself has",
  async (expression) => {
    const message = { list: [1, 2], text: "ab" };
    const keys = ["2", "function Object() { [native code] }"];
    expect(await select(expression, message, keys)).toBe("$default");
  },
);

test("a member named __proto__ is one like any other", async () => {
  const message = JSON.parse('{"__proto__":"say"}');
  expect(await select("$request.body.__proto__", message, ["say"])).toBe("say");
});

test.each([
  "$request.body..action",
  "$request.body.*",
  "$request.body[*]",
  "$request.body[?(@.a)]",
  "${request.body.action",
  "$request.header.action",
  "$context.routeKey",
])("the expression %s is rejected", async (expression) => {
  await expect(select(expression, {})).rejects.toThrow("is not supported");
});

test("any message has a route when there is $default", async () => {
  await using selecting = await startSelecting("$request.body.action[0].name");
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
      expect(await selecting.select(text)).toBe("$default");
    }),
  );
});

test("a message that nests as deep as it is long is read", async () => {
  const depth = 16_000;
  await using selecting = await startSelecting("$request.body.action");
  const text = `{"action":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  expect(await selecting.select(text)).toBe("$default");
});
