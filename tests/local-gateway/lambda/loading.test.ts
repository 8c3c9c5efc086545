import { startFunctionUnderTest } from "./start-function-under-test.ts";

test.each([
  ["nested/folder/deep.handler", "nested"],
  ["module/index.handler", "module"],
  ["commonjs/index.handler", "commonjs"],
  ["commonjs/index.nested.handler", "nested export"],
  ["commonjs/other.handler", "cjs"],
  ["nested/default.handler", "default export"],
])("the handler %s is found", async (handler, payload) => {
  await using fn = await startFunctionUnderTest({ handler });
  expect(await fn.invoke()).toEqual({ outcome: "returned", payload });
});

test.each([
  ["index.missing", "Runtime.HandlerNotFound", "index.missing is undefined or not exported"],
  ["index.notAFunction", "Runtime.HandlerNotFound", "index.notAFunction is not a function"],
  ["missing.handler", "Runtime.ImportModuleError", "Cannot find module 'missing'"],
  ["broken/missing-package.handler", "Runtime.ImportModuleError", "no-such-package"],
  ["broken/missing-file.handler", "Runtime.ImportModuleError", "no-such-file.js"],
  ["broken/syntax.handler", "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected end of input"],
  ["broken/throws.handler", "RangeError", "while loading"],
  ["broken/exits.handler", "Runtime.ExitError", "Runtime exited with error: exit status 3"],
  ["index", "Runtime.MalformedHandlerName", "'index' is not a handler name"],
  ["../index.handler", "Runtime.MalformedHandlerName", "'../index.handler' is not a handler name"],
])("the handler %s fails with %s", async (handler, errorType, errorMessage) => {
  await using fn = await startFunctionUnderTest({ handler });
  const failure = {
    outcome: "failed",
    errorType,
    errorMessage: expect.stringContaining(errorMessage),
  };
  expect(await fn.invoke()).toMatchObject(failure);
  expect(await fn.invoke()).toMatchObject(failure);
});

test("each event that waits for a handler which does not load fails", async () => {
  await using fn = await startFunctionUnderTest({ handler: "broken/throws.handler" });
  const results = await Promise.all([fn.invoke(), fn.invoke(), fn.invoke()]);
  expect(results.map(({ outcome }) => outcome)).toEqual(["failed", "failed", "failed"]);
});

test("up to nodejs22.x a handler may call back", async () => {
  await using fn = await startFunctionUnderTest({
    handler: "index.callsBack",
    runtime: "nodejs22.x",
  });
  expect(await fn.invoke({ result: "r" })).toEqual({ outcome: "returned", payload: "r" });
  expect(await fn.invoke({ error: "e" })).toEqual({
    outcome: "failed",
    errorType: "string",
    errorMessage: "e",
    trace: [],
  });
});

test("a handler with a callback may return a promise instead", async () => {
  await using fn = await startFunctionUnderTest({
    handler: "index.callsBackAsPromise",
    runtime: "nodejs20.x",
  });
  expect(await fn.invoke({ a: 1 })).toEqual({ outcome: "returned", payload: { a: 1 } });
});

test("from nodejs24.x on a handler that calls back does not load", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.callsBack" });
  expect(await fn.invoke({ result: "r" })).toMatchObject({
    outcome: "failed",
    errorType: "Runtime.CallbackHandlerDeprecated",
  });
});
