import { startFunctionUnderTest } from "./start-function-under-test.ts";

test.each([
  ["index.crashes.exit", { code: 0 }, "Runtime exited without providing a reason"],
  ["index.crashes.exit", { code: 7 }, "Runtime exited with error: exit status 7"],
  ["index.crashes.kill", {}, "Runtime exited with error: signal: killed"],
])("%s with %j ends the environment and the event", async (handler, event, reason) => {
  await using fn = await startFunctionUnderTest({ handler });
  const result = await fn.invoke(event);
  expect(result).toEqual({
    outcome: "failed",
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(new RegExp(`^RequestId: \\S{36} Error: ${reason}$`)),
  });
  expect(await fn.lines.find("Runtime.ExitError")).toContain(reason);
});

test.each([
  ["index.crashes.rejection", "Runtime.UnhandledPromiseRejection", "TeapotError: uncaught"],
  ["index.crashes.exception", "TeapotError", "also uncaught"],
])(
  "the uncaught error of %s ends the event and is logged",
  async (handler, errorType, errorMessage) => {
    await using fn = await startFunctionUnderTest({ handler });
    const trace = expect.arrayContaining([expect.stringContaining(errorMessage)]);
    const place = expect.stringMatching(/fixtures\/handlers\/index\.mjs:\d+:\d+$/);
    expect(await fn.invoke()).toEqual({ outcome: "failed", errorType, errorMessage, trace, place });
    expect(await fn.lines.find(errorMessage)).toContain('"level":"ERROR"');
  },
);

test.each([
  ["index.crashes.buffers", /^RequestId: \S{36} Error: Runtime exited with error: signal: killed$/],
  [
    "index.crashes.memory",
    /^RequestId: \S{36} Error: Runtime exited with error: signal: (killed|aborted)$/,
  ],
])(
  "%s needs more memory than the function has, which costs this event alone",
  async (handler, reason) => {
    await using fn = await startFunctionUnderTest({ handler });
    expect(await fn.invoke({ megabytes: 300 })).toEqual({
      outcome: "failed",
      errorType: expect.stringMatching(/^Runtime\.(OutOfMemory|ExitError)$/),
      errorMessage: expect.stringMatching(reason),
    });
    expect(await fn.lines.find("Runtime exited with error")).toMatch(/\nRuntime\.\w+$/);
    expect(await fn.invoke({ megabytes: 0 })).toEqual({ outcome: "returned", payload: 0 });
  },
);

test("after a crash the next event runs in a new environment", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.crashes.exit" });
  const failed = { outcome: "failed", errorType: "Runtime.ExitError" };
  expect(await fn.invoke({ code: 1 })).toMatchObject(failed);
  expect(await fn.invoke({ code: 1 })).toMatchObject(failed);
});

test.each(["index.hangs", "index.loops"])("%s is ended at its timeout", async (handler) => {
  await using fn = await startFunctionUnderTest({ handler, timeout: 0.25 });
  expect(await fn.invoke()).toEqual({
    outcome: "failed",
    errorType: "Sandbox.Timedout",
    errorMessage: expect.stringMatching(
      /^RequestId: \S{36} Error: Task timed out after 0\.25 seconds$/,
    ),
  });
  expect(await fn.lines.find("Task timed out")).toMatch(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S{36} Task timed out after 0\.25 seconds$/,
  );
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"])("%s does not end an environment", async (signal) => {
  await using fn = await startFunctionUnderTest({ handler: "index.signalled" });
  expect(await fn.invoke({ signal })).toEqual({ outcome: "returned", payload: "still here" });
});
