import { returns } from "../support/returns.ts";
import { invoke } from "./invoke.ts";
import { rejectionOf } from "./rejection-of.ts";
import { startLambdaApi } from "./start-lambda-api.ts";

test("an invocation is answered with what the function returned, and with Lambda's headers", async () => {
  await using lambda = await startLambdaApi({ answer: () => returns({ greeting: "hello" }) });
  const response = await invoke(lambda.endpoint, "local-Fn", { payload: '{"name":"é"}' });
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/json",
    "x-amz-executed-version": "$LATEST",
    "x-amzn-trace-id": expect.stringMatching(/^Root=1-[\da-f]{8}-[\da-f]{24}$/),
  });
  expect(response.headers.has("x-amz-function-error")).toBe(false);
  expect(await response.text()).toBe('{"greeting":"hello"}');
  const { event, invocation } = await lambda.invocations.take();
  expect(event).toEqual({ name: "é" });
  expect(invocation?.requestId).toBe(response.headers.get("x-amzn-requestid"));
});

test.each([
  ["nothing", undefined, {}],
  ["null", "null", null],
  ["a text", '"hi"', "hi"],
  ["a number", " 5 ", 5],
  ["a list", "[1, {}]", [1, {}]],
])("the payload %s is an event", async (_what, payload, event) => {
  await using lambda = await startLambdaApi();
  const response = await invoke(
    lambda.endpoint,
    "local-Fn",
    payload === undefined ? {} : { payload },
  );
  expect(response.status).toBe(200);
  expect((await lambda.invocations.take()).event).toEqual(event);
});

test("a function that fails is a success of the call, and a header says so", async () => {
  const error = {
    errorType: "TeapotError",
    errorMessage: "I am one",
    trace: ["TeapotError", "at"],
  };
  await using lambda = await startLambdaApi({ answer: () => ({ outcome: "failed", ...error }) });
  const response = await invoke(lambda.endpoint, "local-Fn");
  expect(response.status).toBe(200);
  expect(response.headers.get("x-amz-function-error")).toBe("Unhandled");
  expect(response.headers.get("x-amz-executed-version")).toBe("$LATEST");
  expect(await response.json()).toEqual(error);
});

test("an invocation beyond the reserved concurrency is answered with 429", async () => {
  await using lambda = await startLambdaApi({
    answer: () => ({
      outcome: "rejected",
      errorType: "TooManyRequestsException",
      errorMessage: "Rate Exceeded.",
    }),
  });
  expect(await rejectionOf(await invoke(lambda.endpoint, "local-Fn"))).toEqual({
    status: 429,
    errorType: "TooManyRequestsException",
    body: {
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      Type: "User",
      message: "Rate Exceeded.",
    },
  });
});

test("a function that cannot run for any other reason is an error of the service", async () => {
  await using lambda = await startLambdaApi({
    answer: () => ({ outcome: "rejected", errorType: "ServiceException", errorMessage: "stopped" }),
  });
  expect(await rejectionOf(await invoke(lambda.endpoint, "local-Fn"))).toEqual({
    status: 500,
    errorType: "ServiceException",
    body: { Type: "Service", Message: "stopped" },
  });
});

test("an error that the function's runtime describes in its own form is the payload", async () => {
  const payload = {
    errorMessage: "no tea",
    errorType: "Teapot",
    requestId: "1",
    stackTrace: ["a"],
  };
  const { errorType, errorMessage, stackTrace: trace } = payload;
  await using lambda = await startLambdaApi({
    answer: () => ({ outcome: "failed", errorType, errorMessage, trace, payload }),
  });
  const response = await invoke(lambda.endpoint, "local-Fn");
  expect(response.headers.get("x-amz-function-error")).toBe("Unhandled");
  expect(await response.json()).toEqual(payload);
});

test("a dry run says that the function may be invoked, and does not invoke it", async () => {
  await using lambda = await startLambdaApi();
  const response = await invoke(lambda.endpoint, "local-Fn", { invocationType: "DryRun" });
  expect(response.status).toBe(204);
  expect(await response.text()).toBe("");
  expect(lambda.invocations.size).toBe(0);
  expect(await lambda.observations.take()).toMatchObject({ invocationType: "DryRun" });
});

test("the context has what the caller gives for it, base64 of JSON", async () => {
  await using lambda = await startLambdaApi();
  const context = { custom: { tenant: "blue" } };
  const headers = { "x-amz-client-context": btoa(JSON.stringify(context)) };
  await invoke(lambda.endpoint, "local-Fn", { headers });
  const { invocation } = await lambda.invocations.take();
  expect(invocation?.context).toMatchObject({ clientContext: context });
});

test("the context of an asynchronous invocation has nothing of the caller's", async () => {
  await using lambda = await startLambdaApi();
  const headers = { "x-amz-client-context": btoa("{}") };
  await invoke(lambda.endpoint, "local-Fn", { headers, invocationType: "Event" });
  const { invocation } = await lambda.invocations.take();
  expect(invocation?.context).not.toHaveProperty("clientContext");
});
