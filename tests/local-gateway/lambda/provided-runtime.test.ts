import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FunctionDefinition } from "../../../local-gateway/template/functions.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";
import { startPool } from "./start-pool.ts";

const CODE = join(import.meta.dirname, "fixtures", "bootstrap");

type StartOptions = Parameters<typeof startFunctionUnderTest>[1];

/** Starts the function whose bootstrap does what its events say. */
function start(special: Partial<FunctionDefinition> = {}, options: StartOptions = {}) {
  const definition = { runtime: "provided.al2023", codePath: CODE, handler: "any", ...special };
  return startFunctionUnderTest(definition, options);
}

const returned = (payload: unknown) => ({ outcome: "returned", payload });

test("a bootstrap gets the event with its context, and its result comes back", async () => {
  await using fn = await start({ logFormat: "JSON", logLevel: "WARN", environment: { A: "b" } });
  const event = { do: "echo", text: "ü\u2028" };
  expect(await fn.invoke(event)).toEqual(returned(event));
  const before = Date.now();
  expect(await fn.invoke({ do: "describe" })).toEqual(
    returned({
      headers: expect.objectContaining({
        "content-length": String(JSON.stringify({ do: "describe" }).length),
        "content-type": "application/json",
        "lambda-runtime-aws-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
        "lambda-runtime-deadline-ms": expect.stringMatching(/^\d{13}$/),
        "lambda-runtime-invoked-function-arn":
          "arn:aws:lambda:eu-west-1:123456789012:function:my-fn",
        "lambda-runtime-trace-id": expect.stringMatching(/^Root=1-\S+;Parent=\w+;Sampled=0$/),
      }),
      cwd: CODE,
      env: expect.objectContaining({
        A: "b",
        AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        AWS_LAMBDA_LOG_LEVEL: "WARN",
        LAMBDA_TASK_ROOT: CODE,
        _HANDLER: "any",
      }),
    }),
  );
  const described = JSON.parse(JSON.stringify(await fn.invoke({ do: "describe" })));
  const { headers, env } = described.payload;
  expect(Number(headers["lambda-runtime-deadline-ms"])).toBeGreaterThanOrEqual(before + 10_000);
  expect(env).not.toHaveProperty("NODE_PATH");
  expect(env).not.toHaveProperty("AWS_EXECUTION_ENV");
});

test("the client context and the ARN of a call are headers, whatever characters they have", async () => {
  await using fn = await start();
  const clientContext = { custom: { name: "ü\n😀" } };
  const invokedFunctionArn = "arn:aws:lambda:eu-west-1:123456789012:function:my-fn:live";
  const context = { clientContext, invokedFunctionArn };
  const result = await fn.lambda.function("Fn").invoke({ do: "describe" }, { context });
  const { headers } = JSON.parse(JSON.stringify(result)).payload;
  expect(JSON.parse(headers["lambda-runtime-client-context"])).toEqual(clientContext);
  expect(headers["lambda-runtime-invoked-function-arn"]).toBe(invokedFunctionArn);
});

test("events that come one after the other run in one process, with an API of its own", async () => {
  await using fn = await start();
  const payloads = [];
  for (let event = 0; event < 3; event += 1) {
    payloads.push(await fn.invoke({ do: "count" }));
  }
  expect(payloads).toEqual([returned(1), returned(2), returned(3)]);
  await using other = await start();
  expect(await other.invoke({ do: "count" })).toEqual(returned(1));
});

test("an error has the type, the text and the stack that the bootstrap posts", async () => {
  await using fn = await start();
  const error = { errorType: "errors.New", errorMessage: "no tea", stackTrace: ["main.go:3"] };
  expect(await fn.invoke({ do: "fail", body: JSON.stringify(error) })).toEqual({
    outcome: "failed",
    errorType: "errors.New",
    errorMessage: "no tea",
    trace: ["main.go:3"],
    payload: error,
  });
  const headers = { "lambda-runtime-function-error-type": "Runtime.Panic" };
  expect(await fn.invoke({ do: "fail", body: "not JSON", headers })).toEqual({
    outcome: "failed",
    errorType: "Runtime.Panic",
    errorMessage: "",
    trace: [],
  });
  expect(await fn.invoke({ do: "fail", body: "[]" })).toMatchObject({
    errorType: "Runtime.Unknown",
  });
  expect(await fn.invoke({ do: "count" })).toEqual(returned(4));
});

test("a result without a text is null, and one that is not JSON fails", async () => {
  await using fn = await start();
  expect(await fn.invoke({ do: "nothing" })).toEqual(returned(null));
  expect(await fn.invoke({ do: "text" })).toMatchObject({
    outcome: "failed",
    errorType: "Runtime.MarshalError",
  });
  expect(await fn.invoke({ do: "count" })).toEqual(returned(3));
});

test("a result may be 6 MB, but no larger", async () => {
  await using fn = await start({ memorySize: 512 });
  const limit = 6_291_556;
  expect((await fn.invoke({ do: "large", size: limit })).outcome).toBe("returned");
  expect(await fn.invoke({ do: "large", size: limit + 1 })).toEqual({
    outcome: "failed",
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size (${limit + 1} bytes) exceeded maximum allowed payload size (${limit} bytes).`,
  });
  expect(await fn.invoke({ do: "count" })).toEqual(returned(3));
});

test("calls that the API does not expect, or that come from a web page, change nothing", async () => {
  await using fn = await start();
  expect(await fn.invoke({ do: "misuse" })).toEqual(
    returned({
      "next again": [403, "InvalidStateTransition"],
      "another id": [400, "InvalidRequestID"],
      "init error": [403, "InvalidStateTransition"],
      "unknown path": [404, "NotFound"],
      "a page": [403, "Forbidden"],
      "a page's name": [403, "Forbidden"],
    }),
  );
});

test.each([
  [0, "Runtime exited without providing a reason"],
  [7, "Runtime exited with error: exit status 7"],
])("a bootstrap that exits with %i costs one event", async (code, reason) => {
  await using fn = await start();
  expect(await fn.invoke({ do: "exit", code })).toEqual({
    outcome: "failed",
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(new RegExp(`^RequestId: \\S{36} Error: ${reason}$`)),
  });
  expect(await fn.lines.find("Runtime.ExitError")).toContain(reason);
  expect(await fn.invoke({ do: "count" })).toEqual(returned(1));
});

test("a bootstrap that ends after its answer costs no event", async () => {
  await using fn = await start();
  const payloads = new Set();
  for (let event = 0; event < 5; event += 1) {
    const result = await fn.invoke({ do: "answer and exit" });
    expect(result).toEqual(returned(expect.any(Number)));
    payloads.add(JSON.stringify(result));
  }
  expect(payloads.size).toBe(5);
});

test("a bootstrap that answers, but asks for no further event, is ended at the timeout", async () => {
  await using fn = await start({ timeout: 2 }, { maxEnvironments: 1 });
  const first = await fn.invoke({ do: "answer and hang" });
  expect(first).toEqual(returned(expect.any(Number)));
  const second = await fn.invoke({ do: "answer and hang" });
  expect(second).toEqual(returned(expect.any(Number)));
  expect(second).not.toEqual(first);
});

test("an event that takes too long is timed out, and its process ended", async () => {
  await using fn = await start({ timeout: 0.5 });
  expect(await fn.invoke({ do: "hang" })).toMatchObject({
    outcome: "failed",
    errorType: "Sandbox.Timedout",
    errorMessage: expect.stringMatching(/Task timed out after 0\.50 seconds$/),
  });
  expect(await fn.invoke({ do: "count" })).toEqual(returned(1));
});

test("with a limit of environments further events are rejected, as for Node.js", async () => {
  await using fn = await start({}, { maxEnvironments: 1 });
  const running = fn.invoke({ do: "echo" });
  expect(await fn.invoke({ do: "echo" })).toMatchObject({
    outcome: "rejected",
    errorType: "TooManyRequestsException",
  });
  expect(await running).toEqual(returned({ do: "echo" }));
});

test("an error of the initialization is the result of the event", async () => {
  await using fn = await start({ environment: { INIT: "error" } });
  expect(await fn.invoke()).toMatchObject({
    outcome: "failed",
    errorType: "App.NoConfiguration",
    errorMessage: "there is none",
    trace: ["main.go:7"],
  });
});

test("a bootstrap that exits before it asks for an event fails with its exit status", async () => {
  await using fn = await start({ environment: { INIT: "exit" } });
  expect(await fn.invoke()).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringContaining("exit status 3"),
  });
});

test("a bootstrap that never asks for an event is ended when its initialization times out", async () => {
  const program = { file: join(CODE, "bootstrap"), args: [] };
  const variables = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, INIT: "hang" };
  await using fn = await startPool("any", { program, variables, initTimeout: 500 });
  expect(await fn.pool.invoke({})).toMatchObject({
    errorType: "Sandbox.Timedout",
    errorMessage: expect.stringContaining("Task timed out after 0.50 seconds"),
  });
  expect(fn.pool.environments.size).toBe(0);
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux.each(["use memory", "use memory in a child"])(
  "%s beyond the function's own costs this event alone",
  async (action) => {
    await using fn = await start();
    expect(await fn.invoke({ do: action, megabytes: 300 })).toMatchObject({
      outcome: "failed",
      errorType: "Runtime.OutOfMemory",
      errorMessage: expect.stringContaining("signal: killed"),
    });
    expect(await fn.invoke({ do: "use memory", megabytes: 0 })).toEqual(returned("enough"));
  },
);

/** A program for Linux on a processor that Lambda does not have (RISC-V), as far as the beginning of its header. */
const FOREIGN = Buffer.from(`7f454c46020101${"00".repeat(9)}0300f300`, "hex");

describe("a bootstrap", () => {
  let codePath: string;
  const file = () => join(codePath, "bootstrap");

  beforeEach(async () => {
    codePath = await mkdtemp(join(tmpdir(), "bootstrap-"));
  });
  afterEach(() => rm(codePath, { recursive: true }));

  test("that does not exist fails the event, and the log says what to do", async () => {
    await using fn = await start({ codePath });
    const problem = `${file()} does not exist: build the function first, for example with sam build`;
    expect(await fn.invoke()).toMatchObject({
      outcome: "failed",
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: problem,
    });
    expect(await fn.lines.find("Runtime.InvalidEntrypoint")).toContain(problem);
  });

  test("that is not executable fails the event", async () => {
    await writeFile(file(), "#!/bin/sh\n");
    await chmod(file(), 0o644);
    await using fn = await start({ codePath });
    expect(await fn.invoke()).toMatchObject({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: `${file()} is not executable: chmod +x makes it so`,
    });
  });

  test("for another processor fails the event", async () => {
    await writeFile(file(), FOREIGN, { mode: 0o755 });
    await using fn = await start({ codePath });
    const { platform, arch } = process;
    expect(await fn.invoke()).toMatchObject({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: `${file()} is a program for Linux on another processor; this machine needs one for ${platform} on ${arch}`,
    });
  });

  test("that is not a program at all fails the event", async () => {
    await writeFile(file(), "#!/nowhere/interpreter\n", { mode: 0o755 });
    await using fn = await start({ codePath });
    expect(await fn.invoke()).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("ENOENT"),
    });
  });
});
