import type { Observation } from "../../../local-gateway/api-gateway/observation.ts";
import { Reporter } from "../../../local-gateway/reporter.ts";

const connectionId = "C51DherHNjMCI3Q=";

/** The lines for some observations. */
function linesFor(
  observations: Observation[],
  options: { quiet?: boolean; colours?: boolean } = {},
) {
  const lines: string[] = [];
  const reporter = new Reporter({
    writeLine: (line) => lines.push(line),
    quiet: false,
    colours: false,
    ...options,
  });
  observations.forEach(reporter.observe);
  return lines;
}

test("each thing that happens is one line, in columns", () => {
  const lines = linesFor([
    { kind: "connected", connectionId, duration: 208.4 },
    { kind: "message", connectionId, routeKey: "$default", size: 5, duration: 3.6 },
    { kind: "answer", connectionId, size: 25 },
    { kind: "management call", connectionId, method: "POST", status: 200, size: 32_768 },
    { kind: "management call", connectionId, method: "GET", status: 200, size: 0 },
    { kind: "disconnected", connectionId, cause: { code: 1001, reason: "" } },
  ]);
  expect(lines).toEqual([
    "C51DherH  connect                                         208 ms",
    "C51DherH  message     $default                 5 bytes      4 ms",
    "C51DherH  answer                              25 bytes",
    "C51DherH  post        200                 32,768 bytes",
    "C51DherH  get         200",
    "C51DherH  disconnect  1001",
  ]);
});

test("a refusal says why, in words of the rule", () => {
  const explanation = "a frame of 41,200 bytes; API Gateway accepts 32 KB per frame";
  const lines = linesFor([
    { kind: "refused", status: 403, problem: "not the path of the stage, /dev" },
    { kind: "disconnected", connectionId, cause: { code: 1009, reason: "", explanation } },
    { kind: "management call", connectionId, method: "POST", status: 413, size: 0 },
  ]);
  expect(lines).toEqual([
    "          refused     403: not the path of the stage, /dev",
    `C51DherH  disconnect  closed 1009: ${explanation}`,
    "C51DherH  post        413                      0 bytes            API Gateway accepts 128 KB per message",
  ]);
});

test("only errors are told when it is quiet", () => {
  const message = { kind: "message", connectionId, size: 1, duration: 1 } as const;
  const lines = linesFor(
    [
      message,
      { ...message, problem: "Error: boom" },
      { kind: "refused", status: 403, problem: "no" },
      { kind: "refused", connectionId, status: 502, problem: "Error: boom" },
      { kind: "error", error: new Error("broken") },
    ],
    { quiet: true },
  );
  expect(lines).toEqual([
    expect.stringMatching(/message +\(no route\) .*Error: boom$/),
    expect.stringMatching(/refused +502: Error: boom$/),
    expect.stringMatching(/error +Error: broken$/),
  ]);
});

test("colours are used only when they are asked for", () => {
  const observation: Observation = { kind: "answer", connectionId, size: 1 };
  expect(linesFor([observation])[0]).not.toContain("\u001B[");
  expect(linesFor([observation], { colours: true })[0]).toContain("\u001B[");
});
