import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArguments } from "../../../local-gateway/cli/arguments.ts";
import { type ConfigOptions, readConfig } from "../../../local-gateway/cli/config.ts";
import { writeApplication } from "../applications/write-application.ts";
import { run } from "../invoke/run.ts";

const CLI = fileURLToPath(new URL("../../../local-gateway/cli.ts", import.meta.url));

/** A project with this section in its package.json, and a folder in it; disposing removes it. */
async function project(section: unknown, files: Readonly<Record<string, string>> = {}) {
  const manifest = JSON.stringify({ "websocket-api-local": section });
  const application = await writeApplication({ "package.json": manifest, "inner/x": "", ...files });
  const folder = dirname(application.template);
  return { ...application, folder, inner: join(folder, "inner") };
}

/** The options of a start with this command line in a project that shares these. */
function optionsOf(args: readonly string[], shared: ConfigOptions) {
  const command = parseArguments(args, () => shared);
  if (command.kind !== "start") {
    throw new Error(`The command line asks for ${command.kind}.`);
  }
  return command.options;
}

test("the options of the nearest package.json are read, with paths relative to it", async () => {
  const paths = { template: "app/t.yaml", staticDirectory: "page", envVars: "env.json" };
  const section = { ...paths, port: 0, allowHosts: ["a"] };
  await using started = await project(section);
  expect(readConfig(started.inner)).toEqual({
    ...section,
    template: join("..", "app", "t.yaml"),
    staticDirectory: join("..", "page"),
    envVars: join("..", "env.json"),
  });
  expect(readConfig(started.folder)).toMatchObject({ template: join("app", "t.yaml") });
});

test("a nearer package.json without the section has no options", async () => {
  await using started = await project({ port: 4000 }, { "inner/package.json": "{}" });
  expect(readConfig(started.inner)).toEqual({});
});

test.each<[unknown, string]>([
  [{ prot: 1 }, "There is no option prot: the options are template, api, stage, host, port, "],
  [{ onLine: "log" }, "There is no option onLine: "],
  [{ colours: true }, "There is no option colours: "],
  [{ port: "3300" }, 'port takes a whole number from 0 to 65535, not "3300".'],
  [{ port: null }, "port takes a whole number from 0 to 65535, not null."],
  [{ template: "" }, 'template takes a text that is not empty, not "".'],
  [{ allowHosts: "a" }, 'allowHosts takes a list of names without ports, not "a".'],
  [{ faults: { postgone: 1 } }, 'There is no fault "postgone": '],
  [[], "It takes an object with options, not []."],
])("the options %j are rejected with the file and the name", async (section, sentence) => {
  await using started = await project(section);
  const place = `${join("..", "package.json")}, "websocket-api-local": `;
  expect(() => readConfig(started.inner)).toThrow(
    expect.objectContaining({
      code: "INVALID_OPTION",
      message: expect.stringContaining(place + sentence),
    }),
  );
});

test("a package.json may begin with a byte order mark", async () => {
  const manifest = JSON.stringify({ "websocket-api-local": { port: 0 } });
  await using started = await project({}, { "package.json": `\uFEFF${manifest}` });
  expect(readConfig(started.folder)).toEqual({ port: 0 });
});

test("a package.json that is not JSON is rejected with its name", async () => {
  await using started = await project({}, { "package.json": "{ port: 1 }" });
  expect(() => readConfig(started.folder)).toThrow(
    expect.objectContaining({
      code: "CONFIG_UNREADABLE",
      message: expect.stringMatching(/^package\.json cannot be read: /),
    }),
  );
});

describe("the command line wins over the options that a project shares", () => {
  test.each<[string, ConfigOptions, object]>([
    ["", { port: 4000, quiet: true }, { port: 4000, quiet: true, dynamodbPort: 0 }],
    ["--port 5000", { port: 4000 }, { port: 5000, dynamodbPort: 0 }],
    ["--port 5000", { dynamodbPort: 8000 }, { port: 5000, dynamodbPort: 0 }],
    ["--dynamodb-port 9", { port: 4000 }, { port: 4000, dynamodbPort: 9 }],
    ["", { dynamodbPort: 8000 }, { port: 3300, dynamodbPort: 8000 }],
    ["--allow-host b", { allowHosts: ["a"] }, { allowHosts: ["b"] }],
    ["--watch --no-quiet", { watch: false, quiet: true }, { watch: true, quiet: false }],
    ["--no-watch --watch", {}, { watch: true }],
    ["--no-log-bodies", { logBodies: true }, { logBodies: false }],
    [
      "--parameter-overrides A=1",
      { parameterOverrides: { A: "0", B: "2" } },
      { parameterOverrides: { A: "1", B: "2" } },
    ],
    ["--fault-seed 7", { faults: { postGone: 1, seed: 2 } }, { faults: { postGone: 1, seed: 7 } }],
    ["", { faults: { postGone: 1, seed: 2 } }, { faults: { postGone: 1, seed: 2 } }],
  ])("%j over %j", (args, shared, expected) => {
    const options = optionsOf(args.split(" ").filter(Boolean), shared);
    expect(options).toMatchObject(expected);
  });

  test("a debugger, or a number of environments, takes the place of the other", () => {
    expect(optionsOf(["--inspect"], { maxEnvironments: 3 })).not.toHaveProperty("maxEnvironments");
    expect(optionsOf(["--max-environments", "3"], { inspect: 0 })).not.toHaveProperty("inspect");
    expect(optionsOf([], { inspect: 0 })).toHaveProperty("inspect", 0);
  });

  test("faults on the command line take the place of the shared ones", () => {
    const { faults } = optionsOf(["--fault", "postGone=1"], { faults: { postError: 1 } });
    expect(faults).toEqual({ postGone: 1 });
  });

  test("--help needs no valid options", () => {
    const broken = () => {
      throw new Error("broken");
    };
    expect(parseArguments(["--help"], broken)).toEqual({ kind: "help" });
  });
});

const ECHO = new URL("fixtures/echo/", import.meta.url);

/** A project in whose folder `app` the fixture's template is, with a parameter that has no default. */
async function echoProject() {
  const template = await readFile(new URL("template.yaml", ECHO), "utf8");
  return await project(
    {
      template: "app/api.yaml",
      parameterOverrides: { Stage: "shared" },
      port: 0,
      region: "eu-west-1",
    },
    {
      "app/api.yaml": template.replace("    Default: test\n", ""),
      "app/function/package.json": '{ "type": "module" }',
      "app/function/echo.js": "export const handler = async () => ({ statusCode: 200 });",
    },
  );
}

/** Runs the command in a folder to its end. */
async function runCommand(cwd: string, ...args: string[]) {
  // biome-ignore lint/style/noProcessEnv: a command has the environment of whoever runs it.
  const env = { ...process.env, AWS_REGION: "" };
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env });
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, stdout, stderr };
}

test("exec starts the gateway with the project's options", async () => {
  await using started = await echoProject();
  const program = "console.log(process.env.WEBSOCKET_API_URL, process.env.AWS_REGION)";
  const outcome = await runCommand(started.inner, "exec", "--", process.execPath, "-e", program);
  expect(outcome).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/shared eu-west-1\n$/),
  });
});

test("the start prints the project's template", async () => {
  await using started = await echoProject();
  const child = spawn(process.execPath, [CLI, "--parameter-overrides", "Stage=mine"], {
    cwd: started.inner,
  });
  const exited = once(child, "exit");
  let output = "";
  for await (const chunk of child.stdout) {
    output += chunk;
    if (/^ {2}Template .*\n/m.test(output)) {
      break;
    }
  }
  child.kill("SIGKILL");
  await exited;
  expect(output).toMatch(/^Listening on ws:\/\/127\.0\.0\.1:\d+\/mine\n/);
  expect(output).toContain(`  Template          ${join("..", "app", "api.yaml")}\n`);
});

test("invoke and build take the project's options, or find its template", async () => {
  await using started = await echoProject();
  const invoked = await run("invoke-cli.ts", ["-"], { input: "{}", cwd: started.inner });
  expect(invoked).toMatchObject({ code: 0, err: "" });
  const built = await run("build-cli.ts", [], { cwd: started.inner });
  expect(built).toMatchObject({
    code: 0,
    out: expect.stringContaining("EchoFunction is not built"),
  });
  await using other = await project(
    {},
    {
      "template.yml": await readFile(join(started.folder, "app", "api.yaml"), "utf8"),
      "function/echo.js": "exports.handler = async () => ({ statusCode: 200 });",
    },
  );
  const args = ["-", "--parameter-overrides", "Stage=x"];
  expect(await run("invoke-cli.ts", args, { input: "{}", cwd: other.folder })).toMatchObject({
    code: 0,
    err: "",
  });
});

test.each([["--help"], ["-h"]])("exec %s prints help", async (flag) => {
  await using started = await project({ prot: 1 });
  const { code, stdout, stderr } = await runCommand(started.folder, "exec", flag);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("exec [OPTIONS] -- COMMAND");
});
