import { readdir, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { HANDLERS } from "./define-function.ts";
import { payloadOf } from "./payload-of.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";

const TRACE_ID = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/;

test("a function has the variables of its template and of Lambda, and none of the developer", async () => {
  await using fn = await startFunctionUnderTest({
    handler: "index.variables",
    environment: {
      GREETING: "hello",
      AWS_ENDPOINT_URL_DYNAMODB: "https://dynamodb.eu-west-1.amazonaws.com",
    },
  });
  const result = await fn.invoke();
  expect(result).toEqual({
    outcome: "returned",
    payload: {
      GREETING: "hello",
      _HANDLER: "index.variables",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: "my-fn",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_FORMAT: "JSON",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/my-fn",
      AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
      AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9",
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
      _X_AMZN_TRACE_ID: expect.stringMatching(TRACE_ID),
      AWS_ACCESS_KEY_ID: fn.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: fn.credentials.secretAccessKey,
      AWS_SESSION_TOKEN: fn.credentials.sessionToken,
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "http://127.0.0.1:3300/dev",
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:3301",
      AWS_ENDPOINT_URL_LAMBDA: "http://127.0.0.1:3300",
      LAMBDA_RUNTIME_DIR: "/var/runtime",
      LAMBDA_TASK_ROOT: HANDLERS,
      NODE_PATH: `/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:${HANDLERS}`,
      LANG: "en_US.UTF-8",
      TZ: "UTC",
      HOME: expect.not.stringContaining(homedir()),
      PATH: expect.any(String),
    },
  });
});

test("each invocation has a trace id of its own, in one environment too", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.variables" });
  const traceId = async () =>
    /"_X_AMZN_TRACE_ID":"([^"]+)"/.exec(JSON.stringify(await payloadOf(fn.invoke())))?.[1];
  const traceIds = [await traceId(), await traceId()];
  expect(new Set(traceIds).size).toBe(2);
  expect(traceIds).toEqual([expect.stringMatching(TRACE_ID), expect.stringMatching(TRACE_ID)]);
});

test("a function may choose its time zone, but not its region", async () => {
  await using fn = await startFunctionUnderTest({
    handler: "index.variables",
    environment: { TZ: "Asia/Tokyo", AWS_REGION: "elsewhere" },
  });
  expect(await fn.invoke()).toMatchObject({
    payload: { TZ: "Asia/Tokyo", AWS_REGION: "eu-west-1" },
  });
});

test("each function has credentials of its own, in the form of AWS's temporary ones", async () => {
  await using one = await startFunctionUnderTest({});
  await using two = await startFunctionUnderTest({});
  expect(one.credentials).toEqual({
    accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
    secretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
    sessionToken: expect.stringMatching(/^[\w+/]{128}$/),
  });
  for (const part of ["accessKeyId", "secretAccessKey", "sessionToken"] as const) {
    expect(two.credentials[part]).not.toBe(one.credentials[part]);
  }
});

test("a function runs in the folder of its code and has no channel to its parent", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.surroundings" });
  expect(await fn.invoke()).toMatchObject({
    payload: { cwd: await realpath(HANDLERS), send: "undefined", channel: "undefined" },
  });
});

test("the home of a function is an empty folder, which is gone afterwards", async () => {
  const fn = await startFunctionUnderTest({ handler: "index.home" });
  const home = String(await payloadOf(fn.invoke()));
  expect(await readdir(home)).toEqual([]);
  await fn.lambda.close();
  await expect(readdir(home)).rejects.toThrow("ENOENT");
});
