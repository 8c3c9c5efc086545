import { run } from "./run.ts";

const invoke = (args: readonly string[], input = "") =>
  run("invoke-cli.ts", ["--template", "fixtures/template.yaml", ...args], { input });

const EVENT = JSON.stringify({ id: "Nq3xYd7RiYcCG4A=" });

test("an invocation shows the answer, each post, each write and the log", async () => {
  const { code, out, err } = await invoke(["-", "--function", "GreetFunction"], EVENT);
  expect(err).toBe("");
  const lines = out.trimEnd().split("\n");
  expect(lines).toEqual([
    "{",
    '  "statusCode": 200',
    "}",
    "POST @connections/Nq3xYd7RiYcCG4A=",
    "  hello, Nq3xYd7RiYcCG4A=",
    'PutItem people {"id":{"S":"Nq3xYd7RiYcCG4A="}}',
    'DeleteItem people {"id":{"S":"Nq3xYd7RiYcCG4A="}}',
    expect.stringMatching(/\tINFO\tgreeted$/),
  ]);
  expect(code).toBe(0);
});

test("what the function's policies do not allow is rejected, and the lines say so", async () => {
  const { code, out } = await invoke(["-", "--function", "ForgetfulFunction"], EVENT);
  const [answer, ...lines] = out.slice(0, out.lastIndexOf("\n")).split("\n}\n");
  expect(JSON.parse(`${answer}}`)).toEqual({
    put: "AccessDeniedException",
    post: "AccessDeniedException",
  });
  expect(lines.join("\n").split("\n")).toEqual([
    expect.stringMatching(
      /^rejected: ForgetfulFunction may not execute-api:ManageConnections on arn:\S+\/live\/POST\/@connections\/Nq3xYd7RiYcCG4A=: add it to the function's policies$/,
    ),
    expect.stringMatching(
      /^rejected: ForgetfulFunction may not dynamodb:PutItem on arn:\S+:table\/people: add it to the function's policies$/,
    ),
  ]);
  expect(code).toBe(0);
});

test("a parameter can be overridden, and the event be in a file", async () => {
  const { out } = await invoke([
    "fixtures/event.json",
    "--function",
    "GreetFunction",
    "--parameter-overrides",
    "Greeting=good morning",
  ]);
  expect(out).toContain("  good morning, from a file");
});

test("a variable can be given in a file", async () => {
  const args = ["fixtures/event.json", "--function", "GreetFunction"];
  const { out } = await invoke([...args, "--env-vars", "fixtures/env-vars.json"]);
  expect(out).toContain("  good evening, from a file");
});

test("a function that fails shows its error, and the command fails", async () => {
  const { code, out } = await invoke(["-", "--function", "FailFunction"], EVENT);
  expect(JSON.parse(out.slice(0, out.indexOf("}") + 1))).toEqual({
    errorType: "RangeError",
    errorMessage: "as it should",
  });
  expect(out).toContain("fail.ts:2");
  expect(code).toBe(1);
});

test.each([
  [["no-such.json"], "", "no-such.json cannot be read. [EVENT_UNREADABLE]"],
  [["-"], "not JSON", "The standard input is not JSON. [EVENT_UNREADABLE]"],
  [["-"], "5", "The standard input is not a JSON object. [EVENT_UNREADABLE]"],
  [[], "", /^Usage: npm run invoke -- EVENT\.json /],
  [
    ["-", "--colour"],
    "{}",
    /^Unknown option '--colour'\. Usage: npm run invoke -- EVENT\.json .* \[INVALID_OPTION\]$/,
  ],
  [
    ["-"],
    "{}",
    "Name a function: --function takes one of GreetFunction, ForgetfulFunction, FailFunction. [INVALID_OPTION]",
  ],
  [
    ["-", "--function", "Other"],
    "{}",
    "There is no function Other: --function takes one of GreetFunction, ForgetfulFunction, FailFunction. [INVALID_OPTION]",
  ],
  [
    ["-", "--api", "Other"],
    "{}",
    "The template has no WebSocket API Other: the APIs are Api. [INVALID_OPTION]",
  ],
  [
    ["-", "--parameter-overrides", "Colour=red"],
    "{}",
    "fixtures/template.yaml:2: Parameters: there is no parameter Colour to override [TEMPLATE_PARAMETER_INVALID]",
  ],
  [
    ["-", "--env-vars", "none.json"],
    "{}",
    "The file of environment variables none.json cannot be read. [INVALID_OPTION]",
  ],
])(
  "the arguments %j with the input %j are rejected in one sentence",
  async (args, input, message) => {
    const { code, out, err } = await invoke(args, input);
    expect(err.trimEnd()).toEqual(
      typeof message === "string" ? message : expect.stringMatching(message),
    );
    expect(err.trimEnd()).not.toContain("\n");
    expect(out).toBe("");
    expect(code).toBe(1);
  },
);
