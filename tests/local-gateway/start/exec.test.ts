import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { commandVariables } from "../../../local-gateway/cli/exec.ts";
import type { LocalApi } from "../../../local-gateway/index.ts";
import { runCli } from "../support/run-cli.ts";

const CLI = fileURLToPath(new URL("../../../local-gateway/cli.ts", import.meta.url));
const ECHO = fileURLToPath(new URL("fixtures/echo", import.meta.url));

/** Runs `exec` with the fixture's template to its end, in an environment with more variables. */
async function exec(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const args = [CLI, "exec", "--template", join(ECHO, "template.yaml"), "--", ...command];
  // biome-ignore lint/style/noProcessEnv: a command has the environment of whoever runs it.
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, stdout, stderr };
}

const TALK = `
  const socket = new WebSocket(process.env.WEBSOCKET_API_URL);
  socket.onopen = () => socket.send("hello");
  socket.onmessage = ({ data }) => { console.log(data); socket.close(); };`;

test("exec runs a command that finds the gateway, and nothing else is on its output", async () => {
  const { code, stdout } = await exec([process.execPath, "-e", TALK]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "hello\n" });
});

test("the variables that exec gives its command are documented, and the SDK's profile is not given", async () => {
  const apis: LocalApi[] = [];
  const gateway = { apis, url: "ws://a/b", managementUrl: "http://a/b", dynamodbUrl: "http://c" };
  const names = Object.keys(commandVariables({ ...gateway, region: "us-east-1" }));
  const program = `console.log(JSON.stringify(process.env))`;
  const { stdout } = await exec([process.execPath, "-e", program], { AWS_PROFILE: "mine" });
  const environment = JSON.parse(stdout);
  expect(Object.keys(environment)).toEqual(expect.arrayContaining(names));
  expect(environment).not.toHaveProperty("AWS_PROFILE");
  expect(environment.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI).toMatch(/^http:.*\/test$/);
  const page = await readFile("docs/local-gateway.md", "utf8");
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test.each([
  ["process.exit(3)", 3],
  ["process.kill(process.pid, 'SIGKILL')", 137],
])("exec exits with the status of its command: %s", async (program, code) => {
  expect(await exec([process.execPath, "-e", program])).toMatchObject({ code });
});

test("exec says in one sentence what it cannot run", async () => {
  expect(await exec(["no-such-program"])).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "The command no-such-program cannot be started: spawn no-such-program ENOENT [COMMAND_NOT_STARTED]\n",
  });
  await using cli = runCli("exec", "npm", "test");
  expect(await cli.exited).toMatchObject({ code: 1 });
  expect(await cli.errors).toBe(
    "exec takes a command after --, for example: exec -- npm test [INVALID_OPTION]\n",
  );
});

test("without --template the command finds the project's template, and says which", async () => {
  const folder = await mkdtemp(join(tmpdir(), "project-"));
  await cp(ECHO, folder, { recursive: true });
  await rename(join(folder, "template.yaml"), join(folder, "template.yml"));
  const child = spawn(process.execPath, [CLI, "--port", "0"], { cwd: folder });
  try {
    let output = "";
    for await (const chunk of child.stdout) {
      output += chunk;
      if (/^ {2}Template +template\.yml$/m.test(output)) {
        break;
      }
    }
    expect(output).toMatch(/^Listening on ws:[^\n]*\n\n {2}Template +template\.yml\n/);
  } finally {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    await rm(folder, { recursive: true });
  }
});
