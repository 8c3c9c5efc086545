import { startFunctionUnderTest } from "./start-function-under-test.ts";

const WROTE =
  "Runtime exited with error: the function wrote to a file descriptor that is not its own";
const CLOSED =
  "Runtime exited with error: the function closed a file descriptor that is not its own";

/** What an invocation ends in whose environment has ended for this reason. */
function exited(reason: string) {
  return {
    outcome: "failed",
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(new RegExp(`^RequestId: \\S{36} Error: ${reason}$`)),
  };
}

test.each([
  ["bytes", { unit: "\u0000\u0001\u00ff" }],
  ["a line that is not JSON", { unit: "}{\n" }],
  ["a result that it did not return", { unit: '{"type":"returned","payload":"{bad"}\n' }],
  ["JSON that is nested too deeply", { unit: "[", times: 1_000_000 }],
  ["a line that does not end", { unit: "x".repeat(1024), times: 26 * 1024 }],
])(
  "a function that writes %s to descriptor 3 loses this invocation alone",
  async (_what, event) => {
    await using fn = await startFunctionUnderTest({ handler: "index.descriptors.write" });
    expect(await fn.invoke(event)).toEqual(exited(WROTE));
    expect(await fn.lines.find("Runtime exited")).toMatch(/\nRuntime\.ExitError$/);
    expect(await fn.invoke({})).toEqual({ outcome: "returned", payload: "returned" });
  },
);

test("a function that closes descriptor 3 loses this invocation alone", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.descriptors.close" });
  expect(await fn.invoke()).toEqual(exited(CLOSED));
  expect(await fn.invoke()).toEqual(exited(CLOSED));
});

test("what is written after the result ends the environment, and a line says so", async () => {
  await using fn = await startFunctionUnderTest({ handler: "index.descriptors.writeLater" });
  expect(await fn.invoke()).toEqual({ outcome: "returned", payload: "returned" });
  expect(await fn.lines.find("Runtime exited")).toBe(`Error: ${WROTE}`);
  expect(await fn.invoke()).toEqual({ outcome: "returned", payload: "returned" });
});
