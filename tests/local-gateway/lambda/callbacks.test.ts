import { startQuestionServer } from "./question-server.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";

const runtime = "nodejs22.x";

test("an answer through the callback waits for an empty event loop", async () => {
  await using server = await startQuestionServer();
  await using fn = await startFunctionUnderTest({ handler: "index.callsBackEarly", runtime });
  const result = fn.invoke({ url: server.url, waits: true });
  (await server.next()).end("everything");
  expect(await result).toEqual({ outcome: "returned", payload: { received: "everything" } });
  expect(fn.reports.size).toBe(0);
});

test("unless callbackWaitsForEmptyEventLoop is false", async () => {
  await using server = await startQuestionServer();
  await using fn = await startFunctionUnderTest({ handler: "index.callsBackEarly", runtime });
  const result = fn.invoke({ url: server.url, waits: false });
  expect(await result).toEqual({ outcome: "returned", payload: { received: "nothing" } });
  expect(await fn.reports.take()).toMatchObject({ kind: "background call", begun: "before" });
});

test("an environment that waited for its event loop runs the next event too", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.returnsAtOnce", runtime });
  expect(await fn.invoke({})).toEqual({ outcome: "returned", payload: null });
  expect(await fn.invoke({})).toEqual({ outcome: "returned", payload: null });
  expect(fn.lines.all).toEqual([]);
});

test("what a handler returns counts from nodejs24.x on", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.returnsAtOnce" });
  expect(await fn.invoke({ a: 1 })).toEqual({ outcome: "returned", payload: { a: 1 } });
});

test("a handler may answer through its context", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.succeeds", runtime });
  expect(await fn.invoke({ a: 1 })).toEqual({ outcome: "returned", payload: { a: 1 } });
});

test("an async handler whose promise is never settled fails when the event loop is empty", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.neverSettles", runtime });
  expect(await fn.invoke({})).toMatchObject({
    outcome: "failed",
    errorType: "Runtime.NodeJsExit",
  });
});
