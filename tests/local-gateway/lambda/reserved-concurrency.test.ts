import { wsConnect } from "../support/ws-connect.ts";
import { startQuestionServer } from "./question-server.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";
import { startProject } from "./start-project.ts";

const HANDLER = `
export const handler = async ({ body }) => ({
  statusCode: 200,
  body: body.startsWith("http") ? await (await fetch(body)).text() : body,
});
`;

test("beyond the reserved concurrency a message ends in API Gateway's error frame", async () => {
  await using server = await startQuestionServer();
  await using project = await startProject(
    "typescript",
    { "src/handler.ts": HANDLER },
    { maxEnvironments: 1 },
  );
  const [one, two] = [await wsConnect(project.url), await wsConnect(project.url)];
  one.send(server.url);
  const question = await server.next();
  two.send("hello");
  expect(JSON.parse(await two.messages.take())).toMatchObject({ message: "Internal server error" });
  await project.line(/TooManyRequestsException/);
  question.end("answer");
  expect(await one.messages.take()).toBe("answer");
  two.send("hello");
  expect(await two.messages.take()).toBe("hello");
});

const REJECTED = { outcome: "rejected", errorType: "TooManyRequestsException" };

test("beyond the reserved concurrency of the template an event is rejected, and the next one runs", async () => {
  await using server = await startQuestionServer();
  await using fn = await startFunctionUnderTest({ handler: "index.asks", reservedConcurrency: 1 });
  const first = fn.invoke({ url: server.url });
  const question = await server.next();
  expect(await fn.invoke({ url: server.url })).toMatchObject(REJECTED);
  question.end("answer");
  expect(await first).toEqual({ outcome: "returned", payload: "answer" });
  const second = fn.invoke({ url: server.url });
  (await server.next()).end("again");
  expect(await second).toEqual({ outcome: "returned", payload: "again" });
});

test("nothing runs with a reserved concurrency of 0", async () => {
  await using fn = await startFunctionUnderTest({ reservedConcurrency: 0 });
  expect(await fn.invoke()).toMatchObject(REJECTED);
});

test.each([
  { reservedConcurrency: 1, maxEnvironments: 2 },
  { reservedConcurrency: 2, maxEnvironments: 1 },
])("the smaller limit decides of %j", async ({ reservedConcurrency, maxEnvironments }) => {
  await using server = await startQuestionServer();
  await using fn = await startFunctionUnderTest(
    { handler: "index.asks", reservedConcurrency },
    { maxEnvironments },
  );
  const first = fn.invoke({ url: server.url });
  const question = await server.next();
  expect(await fn.invoke({ url: server.url })).toMatchObject(REJECTED);
  question.end("answer");
  expect(await first).toMatchObject({ outcome: "returned" });
});

test("with a debugger events wait instead, except with a reserved concurrency of 0", async () => {
  await using one = await startFunctionUnderTest({ reservedConcurrency: 1 }, { inspect: 0 });
  const results = await Promise.all([one.invoke(), one.invoke()]);
  expect(results).toMatchObject([{ outcome: "returned" }, { outcome: "returned" }]);
  await using none = await startFunctionUnderTest({ reservedConcurrency: 0 }, { inspect: 0 });
  expect(await none.invoke()).toMatchObject(REJECTED);
});
