import { stripVTControlCharacters } from "node:util";
import { Reporter, type ReporterOptions } from "../../../local-gateway/console/reporter.ts";
import type { Observation } from "../../../local-gateway/observation.ts";

const connectionId = "C51DherHNjMCI3Q=";
const requestId = "C51DgGkdIAMFnlg=";
const client = { stage: "dev", sourceIp: "127.0.0.1" };

/** The lines for some observations. */
function linesFor(observations: Observation[], options: Partial<ReporterOptions> = {}) {
  const lines: string[] = [];
  const reporter = new Reporter({
    writeLine: (line) => lines.push(line),
    quiet: false,
    colours: false,
    logBodies: false,
    ...options,
  });
  observations.forEach(reporter.observe);
  return lines;
}

test("each thing that happens is one line, in columns", () => {
  const lines = linesFor([
    { kind: "connected", connectionId, requestId, client, duration: 208.4 },
    { kind: "message", connectionId, requestId, routeKey: "$default", size: 5, duration: 3.6 },
    { kind: "answer", connectionId, requestId, size: 25 },
    { kind: "management call", connectionId, method: "POST", status: 200, size: 32_768 },
    { kind: "management call", connectionId, method: "GET", status: 200, size: 0 },
    { kind: "disconnected", connectionId, requestId, cause: { code: 1001, reason: "" } },
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

test("a rejection says why, in words of the rule", () => {
  const explanation = "a frame of 41,200 bytes; API Gateway accepts 32 KB per frame";
  const lines = linesFor([
    { kind: "rejected", status: 403, problem: "not the path of the stage, /dev" },
    {
      kind: "disconnected",
      connectionId,
      requestId,
      cause: { code: 1009, reason: "", explanation },
    },
    { kind: "management call", connectionId, method: "POST", status: 413, size: 0 },
  ]);
  expect(lines).toEqual([
    "          rejected    403: not the path of the stage, /dev",
    `C51DherH  disconnect  closed 1009: ${explanation}`,
    "C51DherH  post        413                      0 bytes            API Gateway accepts 128 KB per message",
  ]);
});

test("a denied call is logged with who may not do what, also when it is quiet", () => {
  const problem = "Fn may not dynamodb:GetItem on arn: add it to the function's policies";
  const observations: Observation[] = [
    { kind: "management call rejected", connectionId, method: "POST", status: 403, problem },
    { kind: "database call rejected", operation: "GetItem", problem },
  ];
  expect(linesFor(observations, { quiet: true })).toEqual([
    `C51DherH  post        403: ${problem}`,
    `          dynamodb    GetItem rejected: ${problem}`,
  ]);
});

test("a call that is signed for another region says how to start the gateway in that region", () => {
  const problem = "Credential should be scoped to a valid region, not 'eu-west-2'. ";
  const lines = linesFor([
    { kind: "management call rejected", connectionId, method: "POST", status: 403, problem },
    { kind: "database call rejected", operation: "PutItem", problem },
    { kind: "invocation rejected", status: 403, problem },
  ]);
  const sentence = `${problem}Start the gateway with AWS_REGION=eu-west-2 to be in that region.`;
  expect(lines).toEqual([
    `C51DherH  post        403: ${sentence}`,
    `          dynamodb    PutItem rejected: ${sentence}`,
    `          invoke      403: ${sentence}`,
  ]);
});

test("a rejected message is logged with its frame and with the reason", () => {
  const message = {
    kind: "message",
    connectionId,
    requestId,
    routeKey: "say",
    size: 5,
    duration: 3,
  } as const;
  const lines = linesFor([
    { ...message, error: "Internal server error", problem: "TypeError: boom" },
    { ...message, error: "Too Many Requests", problem: "say is throttled" },
    {
      kind: "message",
      connectionId,
      requestId,
      size: 5,
      duration: 3,
      error: "Forbidden",
      problem: "none",
    },
  ]);
  expect(lines).toEqual([
    "C51DherH  message     say                      5 bytes      3 ms  Internal server error: TypeError: boom",
    "C51DherH  message     say                      5 bytes      3 ms  Too Many Requests: say is throttled",
    "C51DherH  message     (no route)               5 bytes      3 ms  Forbidden: none",
  ]);
});

const texts: Observation[] = [
  {
    kind: "message",
    connectionId,
    requestId,
    routeKey: "say",
    size: 9,
    duration: 3,
    body: '{"a":"b"}',
  },
  { kind: "answer", connectionId, requestId, size: 9, body: "c\u001B[31m\u202E\n" },
  { kind: "answer", connectionId, requestId, size: 0, body: "" },
  { kind: "management call", connectionId, method: "POST", status: 200, size: 1, body: "d" },
];

test("the texts of messages are logged on demand, with every character visible", () => {
  expect(linesFor(texts, { logBodies: true })).toEqual([
    'C51DherH  message     say                      9 bytes      3 ms  {"a":"b"}',
    "C51DherH  answer                               9 bytes            c\\u{1b}[31m\\u{202e}\\n",
    "C51DherH  answer                               0 bytes            (empty)",
    "C51DherH  post        200                       1 byte            d",
  ]);
});

test("the texts of messages are not logged by default", () => {
  expect(linesFor(texts)).toEqual([
    "C51DherH  message     say                      9 bytes      3 ms",
    "C51DherH  answer                               9 bytes",
    "C51DherH  answer                               0 bytes",
    "C51DherH  post        200                       1 byte",
  ]);
});

test("a line is cut at 160 characters, colours not counted", () => {
  const long: Observation = {
    kind: "rejected",
    connectionId,
    status: 502,
    problem: "é".repeat(200),
  };
  const [line = ""] = linesFor([long]);
  expect([...line]).toHaveLength(160);
  expect(line).toMatch(/é…$/);
  expect(stripVTControlCharacters(linesFor([long], { colours: true })[0] ?? "")).toBe(line);
});

test("a long name is cut, so that the columns stay", () => {
  const routeKey = "aRouteWithAVeryLongName";
  const lines = linesFor([
    { kind: "message", connectionId, requestId, routeKey, size: 5, duration: 3 },
  ]);
  expect(lines).toEqual(["C51DherH  message     aRouteWithAVeryL…        5 bytes      3 ms"]);
});

test("an error of the gateway is logged whole, in one line", () => {
  const error = new Error(`first\nsecond ${"x".repeat(200)}`);
  expect(linesFor([{ kind: "error", error }])).toEqual([
    `          error       Error: first\\nsecond ${"x".repeat(200)}`,
  ]);
});

test("each line that a function logs stands under its name, whole", () => {
  const lines: string[] = [];
  const writeLine = (line: string) => lines.push(line);
  const reporter = new Reporter({ writeLine, quiet: false, colours: false, logBodies: false });
  reporter.logLine("Fn", `one\n${"x".repeat(200)}`);
  expect(lines).toEqual(["Fn | one", `Fn | ${"x".repeat(200)}`]);
});

test("only errors are logged when it is quiet", () => {
  const message = { kind: "message", connectionId, requestId, size: 1, duration: 1 } as const;
  const lines = linesFor(
    [
      message,
      { ...message, problem: "Error: boom" },
      { ...message, error: "Forbidden", problem: "no route" },
      { ...message, error: "Too Many Requests", problem: "throttled" },
      { kind: "rejected", status: 403, problem: "no" },
      { kind: "rejected", connectionId, status: 502, problem: "Error: boom" },
      { kind: "error", error: new Error("broken") },
    ],
    { quiet: true },
  );
  expect(lines).toEqual([
    expect.stringMatching(/message +\(no route\) .*Error: boom$/),
    expect.stringMatching(/rejected +502: Error: boom$/),
    expect.stringMatching(/error +Error: broken$/),
  ]);
});

test("colours are used only when they are asked for", () => {
  const observation: Observation = { kind: "answer", connectionId, requestId, size: 1 };
  expect(linesFor([observation])[0]).not.toContain("\u001B[");
  expect(linesFor([observation], { colours: true })[0]).toContain("\u001B[");
});
