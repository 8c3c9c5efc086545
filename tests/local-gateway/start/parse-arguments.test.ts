import { parseArguments } from "../../../local-gateway/cli/arguments.ts";

/** The options with which a command line starts a gateway. */
function optionsOf(args: readonly string[]) {
  const command = parseArguments(args);
  if (command.kind !== "start") {
    throw new Error(`The command line asks for ${command.kind}.`);
  }
  return command.options;
}

test("without options it listens on 127.0.0.1:3300 with DynamoDB on 3301", () => {
  expect(optionsOf([])).toEqual({
    host: "127.0.0.1",
    port: 3300,
    dynamodbPort: 3301,
    parameterOverrides: {},
    idleTimeout: 600,
    inspector: true,
    connectionDuration: 7200,
    watch: true,
    quiet: false,
    logBodies: false,
  });
});

test("every option is read", () => {
  const args =
    "--template t.yaml --host ::1 --port 1 --dynamodb-port 2 --static files --quiet --log-bodies --idle-timeout 0.5 --connection-duration 60";
  expect(optionsOf(args.split(" "))).toMatchObject({
    template: "t.yaml",
    host: "::1",
    port: 1,
    dynamodbPort: 2,
    staticDirectory: "files",
    quiet: true,
    logBodies: true,
    idleTimeout: 0.5,
    connectionDuration: 60,
  });
});

test.each(["0", "4000"])(
  "port %s leaves DynamoDB's port free to choose, unless it is given",
  (port) => {
    expect(optionsOf(["--port", port])).toMatchObject({ port: Number(port), dynamodbPort: 0 });
    const given = optionsOf(["--port", port, "--dynamodb-port", "9"]);
    expect(given).toMatchObject({ port: Number(port), dynamodbPort: 9 });
  },
);

test("--default-static is for the default template only, and --static goes before it", () => {
  const staticOf = (...args: string[]) =>
    optionsOf(["--default-static", "page", ...args]).staticDirectory;
  expect(staticOf()).toBe("page");
  expect(staticOf("--template", "./template.yaml")).toBe("page");
  expect(staticOf("--template", "other/template.yaml")).toBeUndefined();
  expect(staticOf("--static", "mine")).toBe("mine");
  expect(staticOf("--template", "other/template.yaml", "--static", "mine")).toBe("mine");
});

test("--default-parameter is for the default template only, and --parameter-overrides goes before it", () => {
  const parametersOf = (...args: string[]) =>
    optionsOf(["--default-parameter", "A=1", ...args]).parameterOverrides;
  expect(parametersOf()).toEqual({ A: "1" });
  expect(parametersOf("--parameter-overrides", "B=2")).toEqual({ A: "1", B: "2" });
  expect(parametersOf("--parameter-overrides", "A=2")).toEqual({ A: "2" });
  expect(parametersOf("--template", "other/template.yaml")).toEqual({});
});

test("-h is short for --help", () => {
  expect(parseArguments(["-h"])).toEqual({ kind: "help" });
  expect(parseArguments(["--help"])).toEqual({ kind: "help" });
  expect(parseArguments(["--version"])).toEqual({ kind: "version" });
});

test("parameters follow one option or several, in either of SAM's forms", () => {
  const args = "--parameter-overrides A=1 B=x=y --quiet --parameter-overrides";
  const { parameterOverrides, quiet } = optionsOf([
    ...args.split(" "),
    "ParameterKey=C,ParameterValue=a b",
  ]);
  expect(parameterOverrides).toEqual({ A: "1", B: "x=y", C: "a b" });
  expect(quiet).toBe(true);
});

test("one argument may have several parameters, and quotes around a value", () => {
  const overrides = 'A=1 B="two words" ParameterKey=C,ParameterValue= D=""';
  expect(optionsOf(["--parameter-overrides", overrides]).parameterOverrides).toEqual({
    A: "1",
    B: "two words",
    C: "",
    D: "",
  });
});

test("hosts and origins may be given several times", () => {
  const { allowHosts, allowOrigins } = optionsOf([
    ...["--allow-host", "relay.test", "--allow-host", "other.test"],
    ...["--allow-origin", "http://localhost:5173", "--allow-origin", "https://a.test"],
  ]);
  expect(allowHosts).toEqual(["relay.test", "other.test"]);
  expect(allowOrigins).toEqual(["http://localhost:5173", "https://a.test"]);
});

test.each([
  [["--no-watch"], { watch: false }],
  [["--inspect"], { inspect: 9229 }],
  [["--inspect=0"], { inspect: 0 }],
  [["--inspect", "--quiet"], { inspect: 9229, quiet: true }],
  [["--max-environments", "3"], { maxEnvironments: 3 }],
])("%j is understood", (args, expected) => {
  expect(optionsOf(args)).toMatchObject(expected);
});

test.each([
  [["--port", "abc"], '--port takes a whole number from 0 to 65535, not "abc".'],
  [["--port", "65536"], '--port takes a whole number from 0 to 65535, not "65536".'],
  [["--dynamodb-port", "1.5"], '--dynamodb-port takes a whole number from 0 to 65535, not "1.5".'],
  [
    ["--idle-timeout", "0"],
    '--idle-timeout takes a number of seconds above 0 and up to 2147483, not "0".',
  ],
  [
    ["--connection-duration", "1h"],
    '--connection-duration takes a number of seconds above 0 and up to 2147483, not "1h".',
  ],
  [["--template", ""], '--template takes a text that is not empty, not "".'],
  [["--host="], '--host takes a text that is not empty, not "".'],
  [["--port"], "Option '--port <value>' argument missing. See --help."],
  [["--static="], '--static takes a text that is not empty, not "".'],
  [["--default-static="], '--default-static takes a text that is not empty, not "".'],
  [["--allow-host", "a:80"], '--allow-host takes names without ports, not "a:80".'],
  [["--allow-host", "a", "--allow-host="], '--allow-host takes names without ports, not "".'],
  [
    ["--allow-origin", "http://a.test/"],
    '--allow-origin takes origins such as http://localhost:5173, not "http://a.test/".',
  ],
  [["--statics", "demo"], "Unknown option '--statics'. See --help."],
  [["--inspect=x"], '--inspect takes a whole number from 0 to 65535, not "x".'],
  [["--max-environments", "0"], '--max-environments takes a whole number from 1 to 1000, not "0".'],
  [["stray"], 'Unexpected argument "stray". See --help.'],
  [["--parameter-overrides", "A=1", "--quiet", "B=2"], 'Unexpected argument "B=2". See --help.'],
  [["--parameter-overrides", 'A="x b=y"'], '--parameter-overrides takes Name=Value, not "A=\\"x".'],
  [["--parameter-overrides", "A"], '--parameter-overrides takes Name=Value, not "A".'],
])("%j is rejected in one sentence", (args, sentence) => {
  const error = { code: "INVALID_OPTION", message: sentence };
  expect(() => parseArguments(args)).toThrow(expect.objectContaining(error));
});
