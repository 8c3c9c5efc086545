import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { FunctionDefinition } from "../../../local-gateway/template/functions.ts";
import { describeWithPython, PYTHON_VERSION } from "../support/python.ts";
import { payloadOf } from "./payload-of.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";

const CODE = join(import.meta.dirname, "fixtures", "python");
const RUNTIME = `python${PYTHON_VERSION}`;

type StartOptions = Parameters<typeof startFunctionUnderTest>[1];

/** Starts a Python function of the fixtures. */
function start(
  handler: string,
  special: Partial<FunctionDefinition> = {},
  options: StartOptions = {},
) {
  return startFunctionUnderTest({ runtime: RUNTIME, codePath: CODE, handler, ...special }, options);
}

const returned = (payload: unknown) => ({ outcome: "returned", payload });

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describeWithPython("a Python function", () => {
  test("gets the event, and its result comes back", async () => {
    await using fn = await start("app.echo");
    const event = { requestContext: { connectionId: "Nq3xYd7RiYcCG4A=" }, body: "ü\u2028😀" };
    expect(await fn.invoke(event)).toEqual(returned(event));
  });

  test.each(["nested/folder/deep.handler", "nested.folder.deep.handler"])(
    "may be in a folder: %s",
    async (handler) => {
      await using fn = await start(handler);
      expect(await fn.invoke()).toEqual(returned("deep"));
    },
  );

  test("finds the packages that sam build puts next to it", async () => {
    await using fn = await start("app.greet");
    expect(await fn.invoke({ name: "Alice" })).toEqual(returned("Hello, Alice!"));
  });

  test("keeps the state of its modules from event to event", async () => {
    await using fn = await start("app.counts");
    expect(await fn.invoke()).toEqual(returned(1));
    expect(await fn.invoke()).toEqual(returned(2));
  });

  test("has the context object of Lambda", async () => {
    await using fn = await start("app.describe", { logGroupName: "/my/logs", timeout: 7 });
    const clientContext = {
      custom: { name: "ü" },
      env: { locale: "de" },
      client: { app_title: "Tea" },
    };
    const requestId = "8f1d26b2-33c4-4c4c-a9d5-6a0f5a0e2a55";
    const invocation = { requestId, context: { clientContext } };
    const result = await fn.lambda.function("Fn").invoke({}, invocation);
    expect(result).toEqual(
      returned({
        function_name: "my-fn",
        function_version: "$LATEST",
        invoked_function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:my-fn",
        memory_limit_in_mb: "128",
        aws_request_id: requestId,
        log_group_name: "/my/logs",
        log_stream_name: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
        identity: null,
        client_context: [{ name: "ü" }, { locale: "de" }, "Tea"],
        remaining: expect.any(Number),
      }),
    );
    const { remaining } = JSON.parse(JSON.stringify(await payloadOf(fn.invoke())));
    expect(remaining).toBeLessThanOrEqual(7000);
    expect(remaining).toBeGreaterThan(4000);
  });

  test("has its own variables and those of Lambda, and none of the developer", async () => {
    await using fn = await start("app.variables", { environment: { TEA: "green" } });
    const described = JSON.parse(JSON.stringify(await payloadOf(fn.invoke())));
    expect(described.env).toMatchObject({
      TEA: "green",
      _HANDLER: "app.variables",
      AWS_EXECUTION_ENV: `AWS_Lambda_${RUNTIME}`,
      AWS_LAMBDA_LOG_LEVEL: "INFO",
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_ACCESS_KEY_ID: fn.credentials.accessKeyId,
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "http://127.0.0.1:3300/dev",
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:3301",
      HOME: expect.not.stringContaining(homedir()),
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
    });
    expect(described.env).not.toHaveProperty("NODE_PATH");
    expect(described.cwd).toBe(await realpath(CODE));
    expect(described.argv).toEqual([]);
    expect(described.path.slice(0, 3)).toEqual([
      CODE,
      `/opt/python/lib/${RUNTIME}/site-packages`,
      "/opt/python",
    ]);
  });

  test("leaves no compiled files in the folder of its code", async () => {
    await using fn = await start("app.greet");
    await fn.invoke({ name: "Bob" });
    expect(existsSync(join(CODE, "__pycache__"))).toBe(false);
    expect(existsSync(join(CODE, "greetings", "__pycache__"))).toBe(false);
  });

  test("may return the numbers of boto3, and JSON as bytes", async () => {
    await using numbers = await start("app.numbers");
    expect(await numbers.invoke()).toEqual(returned({ whole: 12, part: 1.5, list: [-3] }));
    await using bytes = await start("app.as_bytes");
    expect(await bytes.invoke()).toEqual(returned("bytes"));
  });

  test.each(["app.without_json", "app.not_a_number"])(
    "fails when its result has no JSON: %s",
    async (handler) => {
      await using fn = await start(handler);
      expect(await fn.invoke()).toMatchObject({
        outcome: "failed",
        errorType: "Runtime.MarshalError",
      });
    },
  );

  test("may return 6 MB, but no more", async () => {
    await using fn = await start("app.large");
    const limit = 6_291_556;
    expect((await fn.invoke({ length: limit - 2 })).outcome).toBe("returned");
    expect(await fn.invoke({ length: limit - 1 })).toMatchObject({
      errorType: "Function.ResponseSizeTooLarge",
    });
    expect((await fn.invoke({ length: 1 })).outcome).toBe("returned");
  });

  test("that raises an exception fails with its type, its text and its own lines", async () => {
    await using fn = await start("app.fails");
    const stackTrace = [
      expect.stringMatching(
        /^ {2}File ".*\/python\/app\.py", line \d+, in fails\n {4}brew\(event\)/,
      ),
      expect.stringMatching(/^ {2}File ".*\/python\/app\.py", line \d+, in brew\n/),
    ];
    const described = { errorType: "Teapot", errorMessage: "I am a teapot: ü" };
    expect(await fn.invoke()).toEqual({
      outcome: "failed",
      ...described,
      trace: stackTrace,
      payload: { ...described, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), stackTrace },
    });
    expect(await fn.invoke()).toMatchObject(described);
  });

  test.each(["JSON", "Text"] as const)(
    "may write half a surrogate pair, also in an exception, to its log of %s",
    async (logFormat) => {
      await using fn = await start("app.half_a_character", { logFormat });
      const failed = { errorType: "Teapot", errorMessage: "tea \ud83d" };
      expect(await fn.invoke({ half: "\ud83d" })).toMatchObject(failed);
      await fn.lines.find("Teapot");
      expect(fn.lines.all.filter((line) => line === "tea \\ud83d")).toHaveLength(2);
      expect(fn.lines.all.filter((line) => line.includes("tea \\ud83d"))).toHaveLength(4);
    },
  );

  test("that raises an exception without a text fails with its type", async () => {
    await using fn = await start("app.fails_without_text");
    expect(await fn.invoke()).toMatchObject({
      outcome: "failed",
      errorType: "Unspeakable",
      errorMessage: "<str() of the Unspeakable raises Teapot>",
    });
    const logged = JSON.parse(await fn.lines.find('"logger": "tea"'));
    expect(logged).toMatchObject({ message: "failed", errorType: "Unspeakable" });
  });

  test.each([
    [
      "none.handler",
      "Runtime.ImportModuleError",
      "Unable to import module 'none': No module named",
    ],
    ["broken/missing_package.handler", "Runtime.ImportModuleError", "'no_such_package'"],
    [
      "broken/missing_sdk.handler",
      "Runtime.ImportModuleError",
      "No module named 'boto3'. Lambda includes boto3; here \"pip install boto3\" provides it",
    ],
    [
      "broken/syntax.handler",
      "Runtime.UserCodeSyntaxError",
      "Syntax error in module 'broken/syntax'",
    ],
    ["broken/raises.handler", "JSONDecodeError", "line 1 column 2"],
    ["app.none", "Runtime.HandlerNotFound", "Handler 'none' missing on module 'app'"],
    ["app", "Runtime.MalformedHandlerName", "Bad handler 'app'"],
  ])("%s does not load: %s", async (handler, errorType, message) => {
    await using fn = await start(handler, { logFormat: "Text" });
    const errorMessage = expect.stringContaining(message);
    expect(await fn.invoke()).toMatchObject({ outcome: "failed", errorType, errorMessage });
    expect(await fn.lines.find(`[ERROR] ${errorType}`)).toContain(message);
  });

  test("whose requirements are not installed fails with the command that installs them", async () => {
    const codePath = join(CODE, "unbuilt");
    await using fn = await start("app.handler", { codePath });
    expect(await fn.invoke()).toMatchObject({
      errorType: "Runtime.ImportModuleError",
      errorMessage: `Unable to import module 'app': No module named 'no_such_package'. What requirements.txt names is not installed: run "sam build" or "pip install -r requirements.txt --target ${codePath}"`,
    });
  });

  test.each([
    ["broken/syntax.handler", /python\/broken\/syntax\.py:1\b/],
    ["broken/raises.handler", /python\/broken\/raises\.py:5\b/],
  ])("%s does not load, and its place is reported", async (handler, place) => {
    await using fn = await start(handler, {}, { watch: true });
    expect(await fn.reports.take()).toMatchObject({
      kind: "not loaded",
      problem: expect.stringMatching(place),
    });
  });

  test.each([
    ["app.exits", { code: 7 }, "exit status 7"],
    ["app.exits", { code: 0 }, "without providing a reason"],
    ["broken/exits.handler", {}, "exit status 4"],
  ])("%s with %j ends its process and the event", async (handler, event, reason) => {
    await using fn = await start(handler);
    expect(await fn.invoke(event)).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining(reason),
    });
  });

  test.each(["app.loops", "app.sleeps"])("%s is ended at its timeout", async (handler) => {
    await using fn = await start(handler, { timeout: 0.5 });
    expect(await fn.invoke()).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 0\.50 seconds$/),
    });
  });

  test("that needs more memory than it has is ended", async () => {
    await using fn = await start("app.uses_memory");
    expect(await fn.invoke({ megabytes: 300 })).toMatchObject({
      errorType: "Runtime.OutOfMemory",
    });
    expect(await fn.invoke({ megabytes: 0 })).toEqual(returned("enough"));
  });

  test("logs one JSON object for each record, from its level on", async () => {
    await using fn = await start("app.logs");
    await fn.invoke();
    await fn.lines.find("to the error stream");
    const records = fn.lines.all
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const timestamp = expect.stringMatching(TIME);
    expect(records).toEqual([
      { timestamp, level: "INFO", message: "loading", logger: "root", requestId: "" },
      { timestamp, level: "INFO", message: "brewing {'a': 1}", logger: "tea", requestId, cup: 2 },
      { timestamp, level: "WARNING", message: "hot\nvery hot", logger: "tea", requestId },
      {
        timestamp,
        level: "ERROR",
        message: "failed",
        logger: "tea",
        stackTrace: expect.arrayContaining([expect.stringContaining("app.py")]),
        errorType: "Teapot",
        errorMessage: "I am a teapot: ü",
        location: expect.stringMatching(/app\.py:logs:\d+$/),
        requestId,
      },
    ]);
    expect(fn.lines.all).toEqual(expect.arrayContaining(["printed: ü", "to the error stream"]));
  });

  test("logs an exception that ends an event as one JSON object", async () => {
    await using fn = await start("app.fails");
    await fn.invoke();
    expect(JSON.parse(await fn.lines.find("teapot"))).toEqual({
      timestamp: expect.stringMatching(TIME),
      level: "ERROR",
      errorMessage: "I am a teapot: ü",
      errorType: "Teapot",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      stackTrace: [expect.any(String), expect.any(String)],
    });
  });

  test("logs level, time, request and text between tabs with the format Text", async () => {
    await using fn = await start("app.logs", { logFormat: "Text" });
    await fn.invoke();
    const warning = (await fn.lines.find("\thot")).split("\t");
    expect(warning).toEqual([
      "[WARNING]",
      expect.stringMatching(TIME),
      expect.stringMatching(/^[0-9a-f-]{36}$/),
      "hot",
    ]);
    await fn.lines.find("to the error stream");
    // As on Lambda, where the root logger has the level WARNING.
    expect(fn.lines.all.filter((line) => line.includes("brewing"))).toEqual([]);
  });

  test("logs an exception that ends an event with its stack", async () => {
    await using fn = await start("app.fails", { logFormat: "Text" });
    await fn.invoke();
    await fn.lines.find("in brew");
    expect(fn.lines.all.slice(0, 2)).toEqual([
      "[ERROR] Teapot: I am a teapot: ü",
      "Traceback (most recent call last):",
    ]);
  });
});

describeWithPython("the version of Python", () => {
  test("of the runtime runs it without a word", async () => {
    await using fn = await start("app.echo");
    expect(await fn.invoke()).toEqual(returned({}));
    expect(fn.reports.size).toBe(0);
  });

  test("may be another one, and one line says so", async () => {
    await using fn = await start("app.echo", { runtime: "python3.99" });
    expect(await fn.invoke()).toEqual(returned({}));
    expect(await fn.reports.take()).toEqual({
      kind: "other version",
      functionId: "Fn",
      problem: `Fn: python3.99 functions run on this machine's Python ${PYTHON_VERSION}`,
    });
  });
});
