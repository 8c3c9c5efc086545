import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCli } from "../support/run-cli.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const TEMPLATE = fileURLToPath(new URL("fixtures/echo/template.yaml", import.meta.url));
const FILES = fileURLToPath(new URL("../static-files/fixtures/files", import.meta.url));
const HANGING = fileURLToPath(new URL("fixtures/hanging/template.yaml", import.meta.url));

test("it says where it listens, then what to try", async () => {
  await using cli = runCli("--template", TEMPLATE, "--port", "0");
  const url = (await cli.lines.take()).replace(/^Listening on /, "");
  expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/test$/);
  const { host } = new URL(url);
  expect(await cli.lines.take()).toBe("");
  expect(await cli.lines.take()).toBe(`  Template          ${TEMPLATE}`);
  expect(await cli.lines.take()).toMatch(/^ {2}Inspector {9}http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(await cli.lines.take()).toContain(`npx wscat -c ${url}`);
  expect(await cli.lines.take()).toContain(`http://${host}/test/@connections`);
  expect(await cli.lines.take()).toMatch(
    /AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws dynamodb scan --table-name echoes --endpoint-url http:\/\/127\.0\.0\.1:\d+ --region [\w-]+$/,
  );
  const client = await wsConnect(url);
  client.send("hello");
  expect(await client.messages.take()).toBe("hello");
});

test("with --no-inspector there is none", async () => {
  await using cli = runCli("--template", TEMPLATE, "--port", "0", "--no-inspector");
  await cli.lines.take();
  await cli.lines.take();
  expect(await cli.lines.take()).toBe(`  Template          ${TEMPLATE}`);
  expect(await cli.lines.take()).toContain("npx wscat -c");
});

test("with --static it serves the folder's files, and says where", async () => {
  await using cli = runCli("--template", TEMPLATE, "--port", "0", "--static", FILES);
  const url = (await cli.lines.take()).replace(/^Listening on /, "");
  await cli.lines.take();
  await cli.lines.take();
  const { host } = new URL(url);
  expect(await cli.lines.take()).toMatch(new RegExp(`Page +http://${host}/$`));
  expect(await (await fetch(`http://${host}/`)).text()).toContain("<title>Files</title>");
});

test("a folder that cannot be served is one sentence with a code, and exit code 1", async () => {
  await using cli = runCli("--template", TEMPLATE, "--port", "0", "--static", "nowhere");
  expect(await cli.exited).toMatchObject({ code: 1 });
  expect(await cli.errors).toBe(
    'Cannot serve the files of "nowhere": it is not a folder. [INVALID_OPTION]\n',
  );
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "on %s it closes its connections with 1001 and exits with 0",
  async (signal) => {
    await using cli = runCli("--template", TEMPLATE, "--port", "0", "--quiet");
    const client = await wsConnect((await cli.lines.take()).replace(/^Listening on /, ""));
    const begin = performance.now();
    cli.signal(signal);
    expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
    expect(await cli.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(await cli.errors).toBe("");
  },
);

test("a second Ctrl-C exits at once, unless it is the first one passed on", async () => {
  await using cli = runCli("--template", HANGING, "--port", "0", "--quiet");
  const url = (await cli.lines.take()).replace(/^Listening on /, "");
  const client = await wsConnect(url);
  const begin = performance.now();
  cli.signal("SIGINT");
  cli.signal("SIGINT");
  await client.closed;
  while (performance.now() - begin < 600) {
    await wsRejection(url);
  }
  cli.signal("SIGINT");
  expect(await cli.exited).toEqual({ code: 130, signal: null });
});

test("when its output is read no further it runs on", async () => {
  await using cli = runCli("--template", TEMPLATE, "--port", "0");
  const url = (await cli.lines.take()).replace(/^Listening on /, "");
  cli.stopReading();
  for (const text of ["one", "two", "three"]) {
    const client = await wsConnect(url);
    client.send(text);
    expect(await client.messages.take()).toBe(text);
    client.webSocket.close();
    await client.closed;
  }
  cli.signal("SIGTERM");
  expect(await cli.exited).toEqual({ code: 0, signal: null });
});

test("a port in use is one sentence with advice, a code, and exit code 1", async () => {
  await using taken = await startGateway();
  const port = String(taken.port);
  await using cli = runCli("--template", TEMPLATE, "--port", port, "--dynamodb-port", "0");
  expect(await cli.exited).toMatchObject({ code: 1 });
  expect(await cli.errors).toBe(
    `The API cannot listen on 127.0.0.1:${port}: another program uses the port. Choose another one with --port; --port 0 takes any that is free. [PORT_IN_USE]\n`,
  );
});

test("an unknown option is one sentence with a code, and exit code 1", async () => {
  await using cli = runCli("--prot", "3300");
  expect(await cli.exited).toMatchObject({ code: 1 });
  expect(await cli.errors).toBe("Unknown option '--prot'. See --help. [INVALID_OPTION]\n");
});

test("a host that is not this machine alone is warned about", async () => {
  await using cli = runCli("--host", "0.0.0.0", "--template", "missing.yaml");
  expect(await cli.exited).toMatchObject({ code: 1 });
  expect(await cli.errors).toMatch(
    /^Warning: with --host 0\.0\.0\.0 anyone on the network can connect\.\n/,
  );
});

test("--help explains every option", async () => {
  await using cli = runCli("--help");
  expect(await cli.exited).toMatchObject({ code: 0 });
  const lines = [];
  while (cli.lines.size > 0) {
    lines.push(await cli.lines.take());
  }
  for (const option of [
    "template",
    "port",
    "host",
    "dynamodb-port",
    "static",
    "parameter-overrides",
  ]) {
    expect(lines.join("\n")).toContain(`--${option} `);
  }
});

test("--version prints the version of the package", async () => {
  await using cli = runCli("--version");
  expect(await cli.exited).toMatchObject({ code: 0 });
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(await cli.lines.take()).toBe(version);
});
