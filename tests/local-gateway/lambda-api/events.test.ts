import { Faults } from "../../../local-gateway/faults/faults.ts";
import type { InvocationResult } from "../../../local-gateway/lambda/invocation.ts";
import { returns } from "../support/returns.ts";
import { invoke } from "./invoke.ts";
import { startLambdaApi } from "./start-lambda-api.ts";

const failed: InvocationResult = { outcome: "failed", errorType: "Error", errorMessage: "no" };

test("an event is taken at once, and answered with nothing", async () => {
  const { promise, resolve } = Promise.withResolvers<InvocationResult>();
  await using lambda = await startLambdaApi({ answer: () => promise });
  const response = await invoke(lambda.endpoint, "local-Fn", {
    invocationType: "Event",
    payload: '{"a":1}',
  });
  expect(response.status).toBe(202);
  expect(await response.text()).toBe("");
  const { event, invocation } = await lambda.invocations.take();
  expect(event).toEqual({ a: 1 });
  expect(invocation?.requestId).toBe(response.headers.get("x-amzn-requestid"));
  resolve(returns(null));
  expect(await lambda.observations.take()).toMatchObject({
    kind: "invocation",
    functionId: "Fn",
    invocationType: "Event",
    size: 7,
  });
});

test("an event whose function fails is dropped at once if its configuration says so", async () => {
  await using lambda = await startLambdaApi({
    answer: () => failed,
    eventInvokeConfig: { maximumRetryAttempts: 0, maximumEventAge: 60 },
  });
  await invoke(lambda.endpoint, "local-Fn", { invocationType: "Event" });
  expect(await lambda.observations.take()).toMatchObject({ problem: "Error: no", next: undefined });
});

test("an event whose function fails is tried twice more, with the same request id", async () => {
  const waits: number[] = [];
  await using lambda = await startLambdaApi({
    answer: () => failed,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
  await invoke(lambda.endpoint, "local-Fn", { invocationType: "Event" });
  const reports = [
    await lambda.observations.take(),
    await lambda.observations.take(),
    await lambda.observations.take(),
  ];
  expect(reports).toMatchObject([
    { problem: "Error: no", next: 60_000 },
    { problem: "Error: no", next: 120_000 },
    { problem: "Error: no", next: undefined },
  ]);
  expect(waits).toEqual([60_000, 120_000]);
  const { invocation } = await lambda.invocations.take();
  expect((await lambda.invocations.take()).invocation).toEqual(invocation);
  expect((await lambda.invocations.take()).invocation).toEqual(invocation);
});

test("an event whose function recovers is not tried any more", async () => {
  await using lambda = await startLambdaApi({
    answer: (attempt) => (attempt === 1 ? failed : returns(null)),
    wait: async () => {},
  });
  await invoke(lambda.endpoint, "local-Fn", { invocationType: "Event" });
  expect(await lambda.observations.take()).toHaveProperty("problem");
  expect(await lambda.observations.take()).not.toHaveProperty("problem");
  await lambda.close();
  expect(lambda.invocations.size).toBe(2);
});

test("an event that waits for its next attempt does not hold up a stop, and is not tried again", async () => {
  await using lambda = await startLambdaApi({ answer: () => failed });
  await invoke(lambda.endpoint, "local-Fn", { invocationType: "Event" });
  expect(await lambda.observations.take()).toHaveProperty("next", 60_000);
  await lambda.close();
  expect(lambda.invocations.size).toBe(1);
});

test("a stop lets an event that runs end, and does not try it again", async () => {
  const { promise, resolve } = Promise.withResolvers<InvocationResult>();
  await using lambda = await startLambdaApi({ answer: () => promise });
  await invoke(lambda.endpoint, "local-Fn", { invocationType: "Event" });
  await lambda.invocations.take();
  const closed = lambda.close();
  resolve(failed);
  await closed;
  expect(await lambda.observations.take()).toMatchObject({ problem: "Error: no", next: undefined });
  expect(lambda.invocations.size).toBe(0);
});

test("duplicateEvent runs an event twice, with the same request id", async () => {
  await using lambda = await startLambdaApi({ faults: new Faults({ duplicateEvent: 1 }) });
  await invoke(lambda.endpoint, "local-Fn", { invocationType: "Event", payload: "1" });
  const first = await lambda.invocations.take();
  expect(await lambda.invocations.take()).toEqual(first);
});

test("dropInvocation accepts an event and never runs it, and leaves alone who waits for the result", async () => {
  const triggers: unknown[] = [];
  const faults = new Faults({ dropInvocation: 1 }, (trigger) => triggers.push(trigger));
  await using lambda = await startLambdaApi({ faults });
  const lost = await invoke(lambda.endpoint, "local-Fn", { invocationType: "Event", payload: "1" });
  expect(lost.status).toBe(202);
  await invoke(lambda.endpoint, "local-Fn", { payload: "2" });
  expect(await lambda.invocations.take()).toMatchObject({ event: 2 });
  expect(triggers).toEqual([{ fault: "dropInvocation", subject: "Fn" }]);
});
