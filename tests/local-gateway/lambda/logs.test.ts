import { startFunctionUnderTest } from "./start-function-under-test.ts";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const isJson = (line: string) => line.startsWith("{");

test("with the format JSON each console call is one JSON object, its argument kept as it is", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.logs" });
  await fn.invoke();
  const logged = fn.lines.all.filter(isJson).map((line) => JSON.parse(line));
  const head = (level: string) => ({
    timestamp: expect.stringMatching(TIME),
    requestId: expect.stringMatching(/^\S{36}$/),
    level,
  });
  const stackTrace = expect.arrayContaining([expect.stringContaining("index.mjs")]);
  expect(logged).toEqual([
    { ...head("INFO"), message: "hello { a: 1 } 2" },
    { ...head("INFO"), message: { a: { b: [1] } } },
    { ...head("WARN"), message: "warning" },
    {
      ...head("ERROR"),
      message: expect.stringContaining("failed TeapotError: logged"),
      errorType: "TeapotError",
      errorMessage: "logged",
      stackTrace,
    },
    {
      ...head("ERROR"),
      message: {
        problem: {
          errorType: "TeapotError",
          errorMessage: "inside",
          stackTrace,
          name: "TeapotError",
        },
      },
    },
    { ...head("INFO"), message: expect.stringContaining("[Circular *1]") },
  ]);
});

test("with the format Text each console call is time, request, level and text between tabs", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.logs", logFormat: "Text" });
  await fn.invoke();
  const [time, requestId, ...rest] = (await fn.lines.find("hello")).split("\t");
  expect(time).toMatch(TIME);
  expect(requestId).toMatch(/^\S{36}$/);
  expect(rest).toEqual(["INFO", "hello { a: 1 } 2"]);
  expect(await fn.lines.find("debugging")).toMatch(/\tDEBUG\tdebugging$/);
  expect(await fn.lines.find("tracing")).toMatch(/\tTRACE\ttracing$/);
});

test("the log level of the function decides what is written", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.logs", logLevel: "ERROR" });
  await fn.invoke();
  const levels = fn.lines.all.filter(isJson).map((line) => JSON.parse(line).level);
  expect(levels).toEqual(["ERROR", "ERROR"]);
});

test("what a function writes to its standard output and error comes line by line", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.logs" });
  await fn.invoke();
  expect(await fn.lines.find("plain out")).toBe("plain out");
  expect(await fn.lines.find("plain err")).toBe("plain err");
});

test("the error that ends an event is logged with its stack, before the event is answered", async () => {
  await using json = await startFunctionUnderTest({ handler: "index.fails.withError" });
  await json.invoke();
  expect(json.lines.all.map((line) => JSON.parse(line))).toMatchObject([
    {
      level: "ERROR",
      message: {
        errorType: "TeapotError",
        errorMessage: "I am a teapot",
        stackTrace: expect.arrayContaining(["TeapotError: I am a teapot"]),
      },
    },
  ]);
  await using text = await startFunctionUnderTest({
    handler: "index.fails.withError",
    logFormat: "Text",
  });
  await text.invoke();
  const [line = ""] = text.lines.all;
  const [, , level, title, error = ""] = line.split("\t");
  expect([level, title]).toEqual(["ERROR", "Invoke Error "]);
  expect(JSON.parse(error)).toMatchObject({
    errorType: "TeapotError",
    errorMessage: "I am a teapot",
    stack: expect.arrayContaining(["TeapotError: I am a teapot"]),
  });
  expect(JSON.parse(error)).not.toHaveProperty("trace");
});

test("the error that keeps a handler from loading is logged", async () => {
  await using fn = await startFunctionUnderTest({ handler: "missing.handler" });
  await fn.invoke();
  expect(fn.lines.all.map((line) => JSON.parse(line))).toMatchObject([
    { level: "ERROR", message: { errorType: "Runtime.ImportModuleError" } },
  ]);
});
