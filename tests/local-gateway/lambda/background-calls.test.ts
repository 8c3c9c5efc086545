import { payloadOf } from "./payload-of.ts";
import { startQuestionServer } from "./question-server.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";

test.each(["index.background.fetch", "index.background.request"])(
  "a call that %s leaves in flight is reported, without its query",
  async (handler) => {
    await using server = await startQuestionServer();
    await using fn = await startFunctionUnderTest({ handler });
    expect(await fn.invoke({ url: server.url })).toMatchObject({ outcome: "returned" });
    expect(await fn.reports.take()).toEqual({
      kind: "background call",
      functionId: "Fn",
      requestId: expect.stringMatching(/^\S{36}$/),
      begun: "before",
      method: "POST",
      target: `${new URL(server.url).host}/left`,
    });
    (await server.next()).end();
    expect(fn.reports.size).toBe(0);
  },
);

test("a call that begins after the answer is reported once", async () => {
  await using server = await startQuestionServer();
  await using fn = await startFunctionUnderTest({ handler: "index.background.afterwards" });
  await fn.invoke({ url: server.url });
  expect(await fn.reports.take()).toMatchObject({
    begun: "after",
    method: "GET",
    target: `${new URL(server.url).host}/begun`,
  });
  (await server.next()).end();
  expect(fn.reports.size).toBe(0);
});

test("a call that an earlier event begins while the next one runs is the earlier one's", async () => {
  await using server = await startQuestionServer();
  await using fn = await startFunctionUnderTest({ handler: "index.background.whileTheNextRuns" });
  const requestId = await payloadOf(fn.invoke({ url: server.url, first: true }));
  const second = fn.invoke({ url: server.url });
  (await server.next()).end();
  (await server.next()).end();
  await second;
  expect(await fn.reports.take()).toMatchObject({
    kind: "background call",
    begun: "after",
    requestId,
  });
});

test("neither a call that is awaited nor one that belongs to no event is reported", async () => {
  await using server = await startQuestionServer();
  await using fn = await startFunctionUnderTest({ handler: "index.callsFromModule" });
  const result = fn.invoke({ url: server.url });
  const questions = [await server.next(), await server.next()];
  questions.find(({ req }) => req.url === "/asked")?.end("answer");
  expect(await result).toMatchObject({ outcome: "returned" });
  // Whatever the first event was reported for has arrived before the second one's result.
  expect(await fn.invoke({ url: "http://127.0.0.1:9" })).toMatchObject({ outcome: "failed" });
  expect(fn.reports.size).toBe(0);
});
