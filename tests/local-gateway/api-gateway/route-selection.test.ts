import fc from "fast-check";
import { createRouteSelection } from "../../../local-gateway/api-gateway/route-selection.ts";
import type { Route } from "../../../local-gateway/template/web-socket-api.ts";

/** The key of the route that an expression selects for a message, among routes of any key and `$default`. */
function select(expression: string, message: unknown, keys: string[] = []) {
  return selectByText(expression, JSON.stringify(message), keys);
}

function selectByText(routeSelectionExpression: string, text: string, keys: string[] = []) {
  const routes = ["$default", ...keys].map((routeKey): [string, Route] => [
    routeKey,
    { routeKey, twoWay: false, integrationTimeout: 29_000 },
  ]);
  const selectRoute = createRouteSelection({
    logicalId: "Api",
    apiId: "k2v9xq41ab",
    stage: "live",
    routeSelectionExpression,
    routes: new Map(routes),
  });
  return selectRoute(text)?.routeKey;
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
])("%s of %j selects the route %s", (expression, message, routeKey) => {
  expect(select(expression, message, [routeKey])).toBe(routeKey);
});

test.each([
  [["a", "b"], "[a, b]"],
  [[], "[]"],
  [[1, [true, null]], "[1, [true, ]]"],
  [{ a: 1, b: "c" }, "{a=1, b=c}"],
  [5, "5"],
  [false, "false"],
])("the action %j is compared as the text %s", (action, routeKey) => {
  expect(select("$request.body.action", { action }, [routeKey])).toBe(routeKey);
});

test.each(["$request.body.list.length", "$request.body.text.length", "$request.body.constructor"])(
  "%s finds only what the message itself has",
  (expression) => {
    const message = { list: [1, 2], text: "ab" };
    expect(select(expression, message, ["2", "function Object() { [native code] }"])).toBe(
      "$default",
    );
  },
);

test("a member named __proto__ is one like any other", () => {
  const message = JSON.parse('{"__proto__":"say"}');
  expect(select("$request.body.__proto__", message, ["say"])).toBe("say");
});

test.each([
  "$request.body..action",
  "$request.body.*",
  "$request.body[*]",
  "$request.body[?(@.a)]",
  "${request.body.action",
  "$request.header.action",
  "$context.routeKey",
])("the expression %s is rejected", (expression) => {
  expect(() => select(expression, {})).toThrow("is not supported");
});

test("any message has a route when there is $default", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      expect(selectByText("$request.body.action[0].name", text)).toBe("$default");
    }),
  );
});

test("a message that nests as deep as it is long is read", () => {
  const depth = 60_000;
  const text = `{"action":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  expect(selectByText("$request.body.action", text)).toBe("$default");
});
