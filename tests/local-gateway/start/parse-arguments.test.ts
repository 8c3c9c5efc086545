import { parseArguments } from "../../../local-gateway/cli/arguments.ts";

test("without options it listens on 127.0.0.1:3300 with DynamoDB on 3301", () => {
  expect(parseArguments([])).toEqual({
    host: "127.0.0.1",
    port: 3300,
    dynamodbPort: 3301,
    parameterOverrides: {},
    quiet: false,
    logBodies: false,
    help: false,
    version: false,
  });
});

test("every option is read", () => {
  const args =
    "--template t.yaml --host ::1 --port 1 --dynamodb-port 2 --static files --quiet --log-bodies --idle-timeout 0.5 --connection-duration 60";
  expect(parseArguments(args.split(" "))).toMatchObject({
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
    expect(parseArguments(["--port", port])).toMatchObject({ port: Number(port), dynamodbPort: 0 });
    const given = parseArguments(["--port", port, "--dynamodb-port", "9"]);
    expect(given).toMatchObject({ port: Number(port), dynamodbPort: 9 });
  },
);

test("--default-static is for the default template only, and --static goes before it", () => {
  const staticOf = (...args: string[]) =>
    parseArguments(["--default-static", "page", ...args]).staticDirectory;
  expect(staticOf()).toBe("page");
  expect(staticOf("--template", "./template.yaml")).toBe("page");
  expect(staticOf("--template", "other/template.yaml")).toBeUndefined();
  expect(staticOf("--static", "mine")).toBe("mine");
  expect(staticOf("--template", "other/template.yaml", "--static", "mine")).toBe("mine");
});

test("-h is short for --help", () => {
  expect(parseArguments(["-h"])).toMatchObject({ help: true, version: false });
});

test("parameters follow one option or several, in either of SAM's forms", () => {
  const args = "--parameter-overrides A=1 B=x=y --quiet --parameter-overrides";
  const { parameterOverrides, quiet } = parseArguments([
    ...args.split(" "),
    "ParameterKey=C,ParameterValue=a b",
  ]);
  expect(parameterOverrides).toEqual({ A: "1", B: "x=y", C: "a b" });
  expect(quiet).toBe(true);
});

test("one argument may have several parameters, and quotes around a value", () => {
  const overrides = 'A=1 B="two words" ParameterKey=C,ParameterValue= D=""';
  expect(parseArguments(["--parameter-overrides", overrides]).parameterOverrides).toEqual({
    A: "1",
    B: "two words",
    C: "",
    D: "",
  });
});

test("hosts and origins may be given several times", () => {
  const { allowHosts, allowOrigins } = parseArguments([
    ...["--allow-host", "relay.test", "--allow-host", "other.test"],
    ...["--allow-origin", "http://localhost:5173", "--allow-origin", "https://a.test"],
  ]);
  expect(allowHosts).toEqual(["relay.test", "other.test"]);
  expect(allowOrigins).toEqual(["http://localhost:5173", "https://a.test"]);
});

test.each([
  [["--port", "abc"], '--port takes a number from 0 to 65535, not "abc".'],
  [["--port", "65536"], '--port takes a number from 0 to 65535, not "65536".'],
  [["--dynamodb-port", "1.5"], '--dynamodb-port takes a number from 0 to 65535, not "1.5".'],
  [
    ["--idle-timeout", "0"],
    '--idle-timeout takes a number of seconds above 0 and up to 2147483, not "0".',
  ],
  [
    ["--connection-duration", "1h"],
    '--connection-duration takes a number of seconds above 0 and up to 2147483, not "1h".',
  ],
  [["--template", ""], "--template is empty."],
  [["--host="], "--host is empty."],
  [["--port"], "Option '--port <value>' argument missing. See --help."],
  [["--static="], "--static is empty."],
  [["--default-static="], "--default-static is empty."],
  [["--allow-host", "a:80"], '--allow-host takes a name without a port, not "a:80".'],
  [["--allow-host", "a", "--allow-host="], '--allow-host takes a name without a port, not "".'],
  [
    ["--allow-origin", "http://a.test/"],
    '--allow-origin takes an origin such as http://localhost:5173, not "http://a.test/".',
  ],
  [["--statics", "demo"], "Unknown option '--statics'. See --help."],
  [["stray"], 'Unexpected argument "stray". See --help.'],
  [["--parameter-overrides", "A=1", "--quiet", "B=2"], 'Unexpected argument "B=2". See --help.'],
  [["--parameter-overrides", 'A="x b=y"'], '--parameter-overrides takes Name=Value, not "A=\\"x".'],
  [["--parameter-overrides", "A"], '--parameter-overrides takes Name=Value, not "A".'],
])("%j is rejected in one sentence", (args, sentence) => {
  expect(() => parseArguments(args)).toThrow(expect.objectContaining({ message: sentence }));
});
