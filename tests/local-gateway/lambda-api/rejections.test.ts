import { signedFetch } from "../support/signed-fetch.ts";
import { invoke } from "./invoke.ts";
import { rejectionOf } from "./rejection-of.ts";
import { startLambdaApi } from "./start-lambda-api.ts";

/** The largest payloads, in bytes: 6 MB for a caller that waits, 1 MB for one that does not. */
const LARGEST = 6 * 1024 * 1024;
const LARGEST_EVENT = 1024 * 1024;

/** A JSON text of so many bytes. */
const textOf = (bytes: number) => `"${"x".repeat(bytes - 2)}"`;

const notJson = expect.stringMatching(
  /^Could not parse request body into json: Could not parse payload into json: ./,
);

test.each<[payload: string | Buffer<ArrayBuffer>, kind: string]>([
  ["{", "not JSON"],
  [" ", "blank"],
  [Buffer.from('"\xe9"', "latin1"), "not UTF-8"],
])("the payload %s is %s", async (payload) => {
  await using lambda = await startLambdaApi();
  expect(await rejectionOf(await invoke(lambda.endpoint, "local-Fn", { payload }))).toEqual({
    status: 400,
    errorType: "InvalidRequestContentException",
    body: { Type: "User", message: notJson },
  });
  expect(lambda.invocations.size).toBe(0);
});

test("nothing of a payload that is not JSON is reported", async () => {
  await using lambda = await startLambdaApi();
  await invoke(lambda.endpoint, "local-Fn", { payload: "secret" });
  expect(await lambda.observations.take()).toEqual({
    kind: "invocation rejected",
    status: 400,
    problem: "the payload is not JSON",
  });
});

test.each(["not base64 of JSON", btoa("5"), btoa("null")])(
  "the client context %s is rejected",
  async (context) => {
    await using lambda = await startLambdaApi();
    const headers = { "x-amz-client-context": context };
    expect(await rejectionOf(await invoke(lambda.endpoint, "local-Fn", { headers }))).toEqual({
      status: 400,
      errorType: "InvalidRequestContentException",
      body: {
        Type: "User",
        message: "Client context must be a valid Base64-encoded JSON object.",
      },
    });
  },
);

test("there are three types of invocations, and no others", async () => {
  await using lambda = await startLambdaApi();
  const response = await invoke(lambda.endpoint, "local-Fn", { invocationType: "event" });
  expect(await rejectionOf(response)).toEqual({
    status: 400,
    errorType: "ValidationException",
    body: {
      Type: "User",
      message:
        "1 validation error detected: Value 'event' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
    },
  });
});

test.each([
  ["RequestResponse", LARGEST, 200],
  ["Event", LARGEST_EVENT, 202],
])("an invocation of type %s takes %i bytes", async (invocationType, bytes, status) => {
  await using lambda = await startLambdaApi();
  const payload = textOf(bytes);
  const response = await invoke(lambda.endpoint, "local-Fn", { invocationType, payload });
  expect(response.status).toBe(status);
  await lambda.invocations.take();
});

test.each([
  [
    "RequestResponse",
    LARGEST + 1,
    "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
  ],
  [
    "Event",
    LARGEST_EVENT + 1,
    "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
  ],
])("an invocation of type %s does not take %i bytes", async (invocationType, bytes, message) => {
  await using lambda = await startLambdaApi();
  const payload = textOf(bytes);
  const response = await invoke(lambda.endpoint, "local-Fn", { invocationType, payload });
  expect(await rejectionOf(response)).toEqual({
    status: 413,
    errorType: "RequestEntityTooLargeException",
    body: { Type: "User", message },
  });
  expect(lambda.invocations.size).toBe(0);
});

test.each([
  ["GET", "/2015-03-31/functions/"],
  ["GET", "/2015-03-31/functions/local-Fn/invocations"],
  ["POST", "/2014-11-13/functions/local-Fn/invoke-async/"],
  ["POST", "/2021-11-15/functions/local-Fn/response-streaming-invocations"],
])(
  "%s %s is a call that the gateway does not have, and the answer says so",
  async (method, path) => {
    await using lambda = await startLambdaApi();
    const response = await signedFetch(`${lambda.endpoint}${path}`, { method, service: "lambda" });
    expect(await rejectionOf(response)).toEqual({
      status: 404,
      errorType: "UnknownOperationException",
      body: { Type: "User", message: "The local gateway knows one call of Lambda's API: Invoke" },
    });
  },
);
