import { Recording } from "../../../local-gateway/testing/recording.ts";
import { payloadOf } from "./payload-of.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";

const returned = (payload: unknown) => ({ outcome: "returned", payload });

test("a function gets the event and its result comes back", async () => {
  await using fn = await startFunctionUnderTest({});
  const event = { requestContext: { connectionId: "Nq3xYd7RiYcCG4A=" }, body: "ü\u2028" };
  expect(await fn.invoke(event)).toMatchObject(returned({ event }));
});

test("an event that is recorded is made JSON once", async () => {
  await using fn = await startFunctionUnderTest({});
  const recording = new Recording();
  let times = 0;
  const event = {
    toJSON() {
      times += 1;
      return { times };
    },
  };
  const result = await recording.record("Fn", fn.lambda.function(fn.logicalId)).invoke(event);
  expect(result).toMatchObject(returned({ event: { times: 1 } }));
  expect(recording.events()).toMatchObject([{ event: { times: 1 } }]);
  expect(times).toBe(1);
});

test.each([
  ["index.returns.nothing", null],
  ["index.returns.date", "1970-01-01T00:00:00.000Z"],
  ["index.returns.text", "text"],
  ["index.withoutJson.function", null],
])("the result of %s is what JSON makes of it: %j", async (handler, payload) => {
  await using fn = await startFunctionUnderTest({ handler });
  expect(await fn.invoke()).toEqual(returned(payload));
});

test.each(["index.withoutJson.circular", "index.withoutJson.bigInt"])(
  "the result of %s has no JSON, and that fails",
  async (handler) => {
    await using fn = await startFunctionUnderTest({ handler });
    expect(await fn.invoke()).toMatchObject({
      outcome: "failed",
      errorType: "Runtime.MarshalError",
    });
  },
);

test("a result may be 6 MB, but no larger", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.large" });
  const limit = 6_291_556;
  const largest = await fn.invoke({ length: limit - 2 });
  expect(largest.outcome).toBe("returned");
  expect(await fn.invoke({ length: limit - 1 })).toEqual({
    outcome: "failed",
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size (${limit + 1} bytes) exceeded maximum allowed payload size (${limit} bytes).`,
  });
});

test("an event may be 6 MB, but no larger", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.returns.nothing" });
  const event = { text: "x".repeat(6_291_456 - '{"text":""}'.length) };
  expect(await fn.invoke(event)).toEqual(returned(null));
  expect(await fn.invoke({ text: `${event.text}x` })).toMatchObject({
    outcome: "rejected",
    errorType: "RequestTooLargeException",
  });
});

test("an event that has no JSON is rejected", async () => {
  await using fn = await startFunctionUnderTest({});
  expect(await fn.invoke({ number: 1n })).toMatchObject({
    outcome: "rejected",
    errorType: "InvalidRequestContentException",
  });
});

test.each([
  ["index.fails.withError", "TeapotError", "I am a teapot", "TeapotError: I am a teapot"],
  ["index.fails.atOnce", "TeapotError", "at once", "TeapotError: at once"],
  ["index.fails.withText", "string", "a text", undefined],
  ["index.fails.unreadably", "handled", "The error that was thrown cannot be read", undefined],
])("the error of %s is in the result", async (handler, errorType, errorMessage, firstLine) => {
  await using fn = await startFunctionUnderTest({ handler });
  const result = await fn.invoke();
  const trace = expect.any(Array);
  expect(result).toEqual({ outcome: "failed", errorType, errorMessage, trace });
  expect(result.outcome === "failed" && result.trace?.[0]).toBe(firstLine);
});

test("a function that threw runs the next event in the same environment", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.counts" });
  expect(await fn.invoke()).toEqual(returned(1));
  expect(await fn.invoke()).toEqual(returned(2));
});

test("the context has the function, the request and the time that is left", async () => {
  await using fn = await startFunctionUnderTest({ logGroupName: "/my/logs" });
  const [one, two] = [await fn.invoke(), await fn.invoke()];
  const context = {
    functionName: "my-fn",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:my-fn",
    memoryLimitInMB: "128",
    logGroupName: "/my/logs",
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    awsRequestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  };
  expect(one).toMatchObject(returned({ context }));
  expect(two).toMatchObject(returned({ context }));
  expect(one).not.toEqual(two);
});

test("the remaining time begins with the timeout of the function", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.remaining", timeout: 7 });
  const remaining = await payloadOf(fn.invoke());
  expect(remaining).toBeLessThanOrEqual(7000);
  expect(remaining).toBeGreaterThan(5000);
});

test("a function that the template does not have is an error", async () => {
  await using fn = await startFunctionUnderTest({});
  expect(() => fn.lambda.function("Other")).toThrow("The template has no function Other");
  expect(() => fn.lambda.credentials("Other")).toThrow("The template has no function Other");
});

test.each([true, false])(
  "a function that was stopped rejects its events (watched: %s)",
  async (watch) => {
    const fn = await startFunctionUnderTest({}, { watch });
    await fn.lambda.close();
    await fn.lambda.close();
    expect(await fn.invoke()).toMatchObject({ outcome: "rejected" });
  },
);
