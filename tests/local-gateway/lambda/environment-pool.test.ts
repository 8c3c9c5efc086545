import { once } from "node:events";
import { startQuestionServer } from "./question-server.ts";
import { startPool } from "./start-pool.ts";

test("no environment starts before the first event", async () => {
  await using fn = await startPool("index.counts");
  expect(fn.pool.environments.size).toBe(0);
});

test("one event after another runs in one environment", async () => {
  await using fn = await startPool("index.counts");
  const payloads = [];
  for (let event = 0; event < 3; event += 1) {
    payloads.push(await fn.pool.invoke({}));
  }
  expect(payloads).toEqual([1, 2, 3].map((payload) => ({ outcome: "returned", payload })));
  expect(fn.pool.environments.size).toBe(1);
});

test("a burst of short events shares a few environments", async () => {
  await using fn = await startPool("index.echo");
  const events = Array.from({ length: 500 }, (_, number) => ({ number }));
  const results = await Promise.all(events.map((event) => fn.pool.invoke(event)));
  expect(results).toEqual(
    events.map((event) => ({ outcome: "returned", payload: expect.objectContaining({ event }) })),
  );
  expect(fn.pool.environments.size).toBeLessThanOrEqual(10);
});

test("events that take long run at the same time, each in an environment of its own", async () => {
  await using server = await startQuestionServer();
  await using fn = await startPool("index.asks");
  const results = [1, 2, 3, 4].map(() => fn.pool.invoke({ url: server.url }));
  const questions = [];
  for (let number = 0; number < 4; number += 1) {
    questions.push(await server.next());
  }
  expect(fn.pool.environments.size).toBe(4);
  for (const question of questions) {
    question.end("answer");
  }
  expect(await Promise.all(results)).toEqual(
    results.map(() => ({ outcome: "returned", payload: "answer" })),
  );
});

test("an event that takes long does not delay another", async () => {
  await using server = await startQuestionServer();
  await using other = await startQuestionServer();
  await using fn = await startPool("index.asks");
  const slow = fn.pool.invoke({ url: server.url });
  const slowQuestion = await server.next();
  const quick = fn.pool.invoke({ url: other.url });
  (await other.next()).end("quick");
  expect(await quick).toEqual({ outcome: "returned", payload: "quick" });
  slowQuestion.end("slow");
  expect(await slow).toEqual({ outcome: "returned", payload: "slow" });
});

test("environments that stay idle end, but for one", async () => {
  await using server = await startQuestionServer();
  await using fn = await startPool("index.asks", {}, { idleTime: 1 });
  const results = [fn.pool.invoke({ url: server.url }), fn.pool.invoke({ url: server.url })];
  const questions = [await server.next(), await server.next()];
  const [one, two] = [...fn.pool.environments];
  for (const question of questions) {
    question.end();
  }
  await Promise.all(results);
  await Promise.race([one?.ended, two?.ended]);
  expect([...fn.pool.environments].filter(({ usable }) => usable)).toHaveLength(1);
  const last = fn.pool.invoke({ url: server.url });
  (await server.next()).end("still there");
  expect(await last).toEqual({ outcome: "returned", payload: "still there" });
});

test("of several idle environments the one used last runs the next event", async () => {
  await using server = await startQuestionServer();
  await using fn = await startPool("index.namesProcess");
  const results = [fn.pool.invoke({ url: server.url }), fn.pool.invoke({ url: server.url })];
  const [one, two] = [await server.next(), await server.next()];
  one.end();
  const first = await Promise.race(results);
  two.end();
  const both = await Promise.all(results);
  const next = fn.pool.invoke({ url: server.url });
  (await server.next()).end();
  expect(await next).toEqual(both.find((result) => result !== first));
});

test("environments for several events start at the same time", async () => {
  await using fn = await startPool("broken/hangs.handler");
  const results = [fn.pool.invoke({}), fn.pool.invoke({})];
  await fn.lines.findAll("loading", 2);
  expect(fn.pool.environments.size).toBe(2);
  await fn.pool.close();
  expect(await Promise.all(results)).toMatchObject([
    { outcome: "rejected" },
    { outcome: "rejected" },
  ]);
});

test("one event starts one environment, however long that takes to load", async () => {
  await using fn = await startPool("broken/hangs.handler", { initTimeout: 1000 });
  expect(await fn.pool.invoke({})).toMatchObject({ errorType: "Sandbox.Timedout" });
  expect(fn.lines.all.filter((line) => line.includes("loading"))).toHaveLength(1);
});

test("an environment that crashed while idle is not used again", async () => {
  await using fn = await startPool("index.crashes.afterReturn");
  const returned = { outcome: "returned", payload: "returned" };
  expect(await fn.pool.invoke({})).toEqual(returned);
  const [environment] = fn.pool.environments;
  await environment?.ended;
  expect(await fn.pool.invoke({})).toEqual(returned);
});

test("a stop ends the environments, whatever runs in them", async () => {
  await using server = await startQuestionServer();
  await using fn = await startPool("index.asks");
  const result = fn.pool.invoke({ url: server.url });
  const question = await server.next();
  const asked = once(question, "close");
  await fn.pool.close();
  expect(await result).toMatchObject({ outcome: "failed", errorType: "Runtime.ExitError" });
  expect(fn.pool.environments.size).toBe(0);
  await asked;
  expect(fn.lines.all).toEqual([]);
});

test("events that still wait at a stop are rejected", async () => {
  await using fn = await startPool("broken/hangs.handler");
  const result = fn.pool.invoke({});
  await fn.lines.find("loading");
  await fn.pool.close();
  expect(await result).toMatchObject({ outcome: "rejected" });
});

test("a handler that takes too long to load fails", async () => {
  await using fn = await startPool("broken/hangs.handler", { initTimeout: 300 });
  expect(await fn.pool.invoke({})).toMatchObject({
    outcome: "failed",
    errorType: "Sandbox.Timedout",
  });
});

test("a process that cannot be started fails its event", async () => {
  const load = {
    type: "load",
    root: "/no/such/folder",
    handler: "index.echo",
    runtime: "nodejs24.x",
    logFormat: "Text",
    logLevel: "TRACE",
    context: {},
  } as const;
  await using fn = await startPool("index.echo", { load });
  expect(await fn.pool.invoke({})).toMatchObject({
    outcome: "failed",
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringContaining("ENOENT"),
  });
});

test("variables that are too large for the system fail the event, not the gateway", async () => {
  await using fn = await startPool("index.echo", { variables: { LARGE: "x".repeat(4_000_000) } });
  expect(await fn.pool.invoke({})).toMatchObject({
    outcome: "failed",
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringContaining("E2BIG"),
  });
});

test("with reserved concurrency a further event is rejected at once, and accepted when one has ended", async () => {
  await using server = await startQuestionServer();
  await using fn = await startPool("index.asks", {}, { maxEnvironments: 2 });
  const running = [fn.pool.invoke({ url: server.url }), fn.pool.invoke({ url: server.url })];
  expect(await fn.pool.invoke({ url: server.url })).toEqual({
    outcome: "rejected",
    errorType: "TooManyRequestsException",
    errorMessage: "Rate Exceeded.",
  });
  const [one, two] = [await server.next(), await server.next()];
  one.end("one");
  await Promise.race(running);
  const next = fn.pool.invoke({ url: server.url });
  two.end("two");
  (await server.next()).end("three");
  expect(await Promise.all([...running, next])).toHaveLength(3);
  expect(fn.pool.environments.size).toBe(2);
});

test("without reserved concurrency events wait for the one environment that there is", async () => {
  await using server = await startQuestionServer();
  await using fn = await startPool("index.asks", {}, { single: true });
  const results = [1, 2, 3].map(() => fn.pool.invoke({ url: server.url }));
  for (const _result of results) {
    (await server.next()).end("answer");
  }
  expect(await Promise.all(results)).toEqual(
    results.map(() => ({ outcome: "returned", payload: "answer" })),
  );
  expect(fn.pool.environments.size).toBe(1);
});

test("module state lasts from event to event, and no two environments share it", async () => {
  await using server = await startQuestionServer();
  await using fn = await startPool("index.countsAndAsks");
  const both = [fn.pool.invoke({ url: server.url }), fn.pool.invoke({ url: server.url })];
  const questions = [await server.next(), await server.next()];
  for (const question of questions) {
    question.end();
  }
  expect(await Promise.all(both)).toEqual(both.map(() => ({ outcome: "returned", payload: 1 })));
  const third = fn.pool.invoke({ url: server.url });
  (await server.next()).end();
  expect(await third).toEqual({ outcome: "returned", payload: 2 });
});
