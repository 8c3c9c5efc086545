import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { parse } from "yaml";
import { PYTHON_VERSION } from "../local-gateway/support/python.ts";
import { INSTALL_TIMEOUT } from "../support/install-packages.ts";
import { environment } from "../support/npm.ts";
import { installSdkV2 } from "../support/sdk-v2.ts";
import { startAnsweringServer } from "../support/start-answering-server.ts";
import { type App, packPackages, run } from "./packages.ts";
import { testExamples } from "./runners.ts";

const GATEWAY = "websocket-api-local";
const CLIENT = "serverless-websocket-relay-client";

let packages: Awaited<ReturnType<typeof packPackages>>;
let app: App;
let appWithRunners: App;

beforeAll(async () => {
  packages = await packPackages();
  [app, appWithRunners] = await Promise.all([packages.install(), packages.installWithRunners()]);
}, 300_000);

afterAll(() => packages?.[Symbol.asyncDispose]());

const BOTH_FORMATS = [
  "LICENSE",
  "README.md",
  "dist/index.cjs",
  "dist/index.cjs.map",
  "dist/index.d.cts",
  "dist/index.d.ts",
  "dist/index.js",
  "dist/index.js.map",
  "package.json",
];

test("the packages consist of what was built, and of nothing else", () => {
  const files = Object.fromEntries(packages.tarballs.map(({ name, files }) => [name, files]));
  expect(files).toEqual({
    [CLIENT]: [...BOTH_FORMATS, "dist/presence.js", "dist/presence.js.map"].sort(),
    [GATEWAY]: [
      ...BOTH_FORMATS,
      "dist/bootstrap.py",
      "dist/chunk.js",
      "dist/chunk.js.map",
      "dist/cli.js",
      "dist/cli.js.map",
      "dist/runtime.mjs",
    ].sort(),
  });
});

test("npm would publish the packages as they were packed, and has nothing to correct", async () => {
  await using registry = await startAnsweringServer({ status: 404, body: "{}" });
  const args = ["publish", "--dry-run", "--workspaces", "--json", "--ignore-scripts"];
  args.push("--registry", new URL("/", registry.endpoint).href);
  const { code, stdout, stderr } = await run("npm", args, resolve("."), process.execPath);
  expect(stderr).not.toContain("auto-corrected");
  expect(code).toBe(0);
  const published: Record<string, { files: { path: string }[] }> = JSON.parse(stdout);
  for (const { name, files } of packages.tarballs) {
    expect(published[name]?.files.map(({ path }) => path).sort()).toEqual(files);
  }
  expect(registry.posts.filter(({ method }) => method !== "GET")).toEqual([]);
}, 30_000);

test("publint has nothing to say about the packages", async () => {
  for (const { path } of packages.tarballs) {
    const { stdout, stderr } = await packages.runTool("publint/src/cli.js", ["run", path]);
    expect(`${stdout}${stderr}`).toMatch(/All good!\n$/);
  }
}, 30_000);

test("the packages have the right types wherever they are imported", async () => {
  const program = "@arethetypeswrong/cli/dist/index.js";
  const check = (path: string) => packages.runTool(program, [path, "--format", "ascii"]);
  const outcomes = await Promise.all(packages.tarballs.map(({ path }) => check(path)));
  for (const { code, stdout } of outcomes) {
    expect(stdout).toContain("No problems found");
    expect(code).toBe(0);
  }
}, 60_000);

const TYPED_CLIENT = `
  import { RelayClient, type RelayErrorCode, type Target } from "${CLIENT}";
  const target: Target = { user: "alice" };
  const client = new RelayClient("wss://x.example", { user: "bob", WebSocket });
  client.on("message", ({ messageId }) => { const id: string = messageId; return id; });
  client.send(target, 1).then((receipt): number => receipt.delivered);
  const known: RelayErrorCode = "NOT_REGISTERED";
  // @ts-expect-error the relay's codes and the client's are all there are
  const unknown: RelayErrorCode = "NOT_A_CODE";
  // @ts-expect-error a target has one member of three
  client.send({ group: "lobby" }, 1);
  // @ts-expect-error and only one
  client.send({ channel: "lobby", user: "alice" }, 1);`;

const TYPED_GATEWAY = `
  import { connect, type LocalGateway, LocalGatewayError, startLocalGateway, TemplateError } from "${GATEWAY}";
  const started: Promise<LocalGateway> = startLocalGateway({ template: "template.yaml" });
  started.then(({ url }): string => url);
  started.then(async (gateway): Promise<string> => {
    const client = await gateway.connect({ query: { user: "alice" }, timeout: 1000 });
    const closed: { code: number; reason: string } = await client.closed;
    const [event] = gateway.events({ routeKey: "$connect", connectionId: client.connectionId });
    await gateway[Symbol.asyncDispose]();
    // @ts-expect-error a filter has no such member
    gateway.posts({ routeKey: "$connect" });
    return (event?.functionId ?? closed.reason) + (await (await connect(gateway.url)).next());
  });
  started.catch((error: unknown) => {
    const known: boolean = error instanceof LocalGatewayError && error.code === "PORT_IN_USE";
    const line: number | undefined = error instanceof TemplateError ? error.line : undefined;
    return [known, line];
  });
  // @ts-expect-error there is no gateway without a template
  startLocalGateway({});`;

test("a project without Node's types accepts the types of both, in either format", async () => {
  const programs = [
    await app.write("types/page.mts", TYPED_CLIENT),
    await app.write("types/page.cts", TYPED_CLIENT),
    await app.write("types/gateway.mts", TYPED_GATEWAY),
    await app.write("types/gateway.cts", TYPED_GATEWAY),
  ];
  const tsc = resolve("node_modules/@typescript/native/bin/tsc");
  const options = ["--noEmit", "--strict", "--types", "", "--lib", "es2022,dom"];
  for (const resolution of [
    ["--module", "nodenext"],
    ["--module", "preserve", "--moduleResolution", "bundler"],
  ]) {
    const args = [tsc, ...options, ...resolution, ...programs];
    expect(await run(process.execPath, args, app.folder)).toMatchObject({ stdout: "", code: 0 });
  }
}, 60_000);

/** How a program of each format loads a package. */
const LOAD = {
  mjs: (name: string, from: string) => `import { ${name} } from "${from}";`,
  cjs: (name: string, from: string) => `const { ${name} } = require("${from}");`,
};

/** Starts the application's template, sends a message, and prints what comes back. */
const ECHO = `
  async function main() {
    const gateway = await startLocalGateway({ template: "template.yaml", quiet: true });
    const socket = new WebSocket(gateway.url);
    socket.onopen = () => socket.send("Hello!");
    const { data } = await new Promise((settle) => { socket.onmessage = settle; });
    await gateway.close();
    console.log(data);
  }
  main();`;

/** Starts the relay, and connects two clients. */
const RELAY = `
  async function main() {
    const template = ${JSON.stringify(resolve("template.yaml"))};
    const gateway = await startLocalGateway({ template, quiet: true });
    const bob = new RelayClient(gateway.url, { user: "bob" });
    const received = new Promise((settle) => bob.on("message", settle));
    await bob.whoAmI();
    const alice = new RelayClient(gateway.url, { user: "alice" });
    await alice.send({ user: "bob" }, "Hello, Bob!");
    const { from, data } = await received;
    alice.close();
    bob.close();
    await gateway.close();
    console.log(from.user, data);
  }
  main();`;

describe.each([22, 24] as const)("on Node %i", (major) => {
  test.each(["mjs", "cjs"] as const)(
    "a .%s program starts the gateway",
    async (format) => {
      const program = LOAD[format]("startLocalGateway", GATEWAY) + ECHO;
      const file = await app.write(`echo-${major}.${format}`, program);
      const outcome = await run(packages.node(major), [file], app.folder);
      expect(outcome).toEqual({ code: 0, stdout: "Hello!\n", stderr: "" });
    },
    30_000,
  );

  test("npx runs the command", async () => {
    const args = ["--no-install", GATEWAY, "--template", "template.yaml", "--port", "0"];
    expect(await talkToCommand("npx", args, app.folder, packages.node(major))).toBe("Hello!");
  }, 30_000);
});

test.each(["mjs", "cjs"] as const)(
  "a .%s program connects clients to the gateway",
  async (format) => {
    const load = LOAD[format];
    const program = [load("startLocalGateway", GATEWAY), load("RelayClient", CLIENT), RELAY];
    const file = await app.write(`relay.${format}`, program.join("\n"));
    const outcome = await run(packages.node(22), [file], app.folder);
    expect(outcome).toEqual({ code: 0, stdout: "alice Hello, Bob!\n", stderr: "" });
  },
  30_000,
);

/** The first code block of this language in a package's README. */
async function readProgram(folder: string, language: string): Promise<string> {
  const page = await readFile(join(app.folder, "node_modules", folder, "README.md"), "utf8");
  const [, program = ""] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(page) ?? [];
  return program;
}

test("the program of the client's README compiles and runs", async () => {
  const program = await readProgram(CLIENT, "ts");
  const file = await app.write(
    "readme.mts",
    `${LOAD.mjs("startLocalGateway", GATEWAY)}
    const template = ${JSON.stringify(resolve("template.yaml"))};
    const gateway = await startLocalGateway({ template, quiet: true });
    ${program.replace(/"wss:[^"]*"/, "gateway.url")}
    console.log(delivered);
    client.close();
    await gateway.close();`,
  );
  const tsc = resolve("node_modules/@typescript/native/bin/tsc");
  const options = ["--noEmit", "--strict", "--types", "", "--lib", "es2022,dom"];
  const args = [tsc, ...options, "--module", "nodenext", "--target", "es2022", file];
  expect(await run(process.execPath, args, app.folder)).toMatchObject({ stdout: "", code: 0 });
  const outcome = await run(packages.node(24), [file], app.folder);
  expect(outcome).toEqual({ code: 0, stdout: "0\n", stderr: "" });
}, 60_000);

test("the program of the local gateway's README runs", async () => {
  const file = await app.write("readme.mjs", await readProgram(GATEWAY, "js"));
  const outcome = await run(packages.node(22), [file], app.folder);
  expect(outcome).toEqual({ code: 0, stdout: "Hello!\n", stderr: "" });
}, 30_000);

test("the command runs from any working directory", async () => {
  const command = join(app.folder, "node_modules", ".bin", GATEWAY);
  const args = ["--template", join(app.folder, "template.yaml"), "--port", "0"];
  expect(await talkToCommand(command, args, tmpdir(), packages.node(22))).toBe("Hello!");
}, 30_000);

test("npx runs a command with a gateway for the project's own template", async () => {
  const talk = `
    const socket = new WebSocket(process.env.WEBSOCKET_API_URL);
    socket.onopen = () => socket.send("Hello!");
    socket.onmessage = ({ data }) => { console.log(data); process.exit(3); };`;
  const file = await app.write("talk.js", talk);
  const args = ["--no-install", GATEWAY, "exec", "--", "node", file];
  const outcome = await run("npx", args, app.folder, packages.node(22));
  expect(outcome).toMatchObject({ code: 3, stdout: "Hello!\n" });
}, 30_000);

/** A test of the application's, which finds the gateway as the documents say. */
const OWN_TEST = `
  import assert from "node:assert";
  import { test } from "node:test";
  test("the API echoes", async () => {
    const socket = new WebSocket(process.env.WEBSOCKET_API_URL);
    socket.onopen = () => socket.send("Hello!");
    const { data } = await new Promise((settle) => { socket.onmessage = settle; });
    socket.close();
    assert.equal(data, "Hello!");
  });`;

test("the documented workflow for GitHub Actions runs a project's tests, and fails with them", async () => {
  const page = await readFile("docs/local-gateway.md", "utf8");
  const [, workflow = ""] = /^```yaml\n(name: test\n.*?)^```$/ms.exec(page) ?? [];
  const { jobs }: { jobs: { test: { steps: { run?: string }[] } } } = parse(workflow);
  const commands = jobs.test.steps.flatMap((step) => step.run ?? []);
  const project = await packages.install();
  const node = packages.node(24);
  await run("npm", ["pkg", "set", "scripts.test=node --test"], project.folder, node);
  await project.write(".npmrc", "prefer-offline=true\naudit=false\n");
  await project.write("echo.test.mjs", OWN_TEST);
  // As GitHub runs a step.
  const runStep = (command = "") =>
    run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", command], project.folder, node);
  const outcomes = [];
  for (const command of commands) {
    outcomes.push(await runStep(command));
  }
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  expect(outcomes.at(-1)?.stdout).toMatch(/\bpass 1$/m);

  await project.write("echo.test.mjs", OWN_TEST.replace('(data, "Hello!")', '(data, "Bye!")'));
  const failed = await runStep(commands.at(-1));
  expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(/\bfail 1$/m) });
}, 180_000);

test("the client is at most 6 KB gzipped in a page's own build, which loads presence on demand", async () => {
  const page = `import { RelayClient } from "${CLIENT}"; globalThis.RelayClient = RelayClient;`;
  const entry = await app.write("page.js", page);
  const options = { bundle: true, splitting: true, minify: true, format: "esm" } as const;
  const output = { write: false, outdir: app.folder, chunkNames: "[name]" } as const;
  const { outputFiles } = await build({ ...options, ...output, entryPoints: [entry] });
  const names = outputFiles.map(({ path }) => basename(path));
  expect(names.sort()).toEqual(["page.js", "presence.js"]);
  const loaded = outputFiles.find(({ path }) => basename(path) === "page.js");
  expect(gzipSync(loaded?.contents ?? "", { level: 9 }).length).toBeLessThanOrEqual(6144);
});

const TABLE = `
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
`;

const JEST_TEST = `
  const { startLocalGateway } = require("${GATEWAY}");
  test("the gateway starts", async () => {
    const gateway = await startLocalGateway({ template: "with-table.yaml", quiet: true });
    const socket = new WebSocket(gateway.url);
    socket.onopen = () => socket.send("Hello!");
    const { data } = await new Promise((settle) => { socket.onmessage = settle; });
    expect(data).toBe("Hello!");
    expect(gateway.tableNames).toHaveLength(1);
    await gateway.close();
  });`;

test("Jest runs a CommonJS project's tests on the gateway without a flag", async () => {
  const template = await readFile(join(app.folder, "template.yaml"), "utf8");
  await app.write("with-table.yaml", template + TABLE);
  await app.write("jest/gateway.test.js", JEST_TEST);
  const jest = resolve("node_modules/jest/bin/jest.js");
  const outcome = await run(packages.node(22), [jest, "--rootDir", "jest"], app.folder);
  expect(outcome).toMatchObject({ code: 0, stderr: expect.stringContaining("1 passed") });
}, 60_000);

test.each(["mjs", "cjs"] as const)(
  "a .%s program runs a Python function, where there is a Python",
  async (format) => {
    const template = await readFile(join(app.folder, "template.yaml"), "utf8");
    await app.write("python/template.yaml", template.replace("nodejs22.x", "python3.13"));
    await app.write(
      "python/function/index.py",
      'def handler(event, context):\n    return {"statusCode": 200, "body": event.get("body")}\n',
    );
    const program = LOAD[format]("startLocalGateway", GATEWAY) + ECHO;
    const file = await app.write(`python/echo.${format}`, program);
    const outcome = await run(packages.node(22), [file], join(app.folder, "python"));
    const hasPython = PYTHON_VERSION !== undefined;
    expect(outcome.stdout).toMatch(hasPython ? /^Hello!\n$/ : /^{"message": ?"Internal server/);
  },
  30_000,
);
testExamples(() => ({ app: appWithRunners, node: packages.node }));

test("packages that see only their own dependencies are enough", async () => {
  const strict = await packages.install("--install-strategy=linked");
  const file = await strict.write("echo.mjs", LOAD.mjs("startLocalGateway", GATEWAY) + ECHO);
  const outcome = await run(packages.node(22), [file], strict.folder);
  expect(outcome).toEqual({ code: 0, stdout: "Hello!\n", stderr: "" });
}, 60_000);

/** Starts a template, and prints why its function does not load. */
const LOAD_FAILURE = `
  const reported = Promise.withResolvers();
  const gateway = await startLocalGateway({
    template: process.argv[2],
    watch: true,
    onLine: (line) => line.includes("does not load") && reported.resolve(line),
  });
  console.log(await reported.promise);
  await gateway.close();`;

test.each([
  ["an ES module", "index.mjs", 'import "@aws-sdk/client-s3";', "nodejs24.x", "@aws-sdk/client-s3"],
  [
    "CommonJS",
    "index.cjs",
    'require("@aws-sdk/lib-storage");',
    "nodejs22.x",
    "@aws-sdk/lib-storage",
  ],
  ["an old runtime", "index.js", 'require("aws-sdk/clients/s3");', "nodejs16.x", "aws-sdk"],
])(
  "a client of the SDK that %s does not find is named with the command that installs it",
  async (_format, name, code, runtime, missing) => {
    const folder = `sdk-${name}`;
    await app.write(`${folder}/function/${name}`, code);
    const template = (await readFile(join(app.folder, "template.yaml"), "utf8")).replace(
      "nodejs22.x",
      runtime,
    );
    await app.write(`${folder}/template.yaml`, template);
    const program = LOAD.mjs("startLocalGateway", GATEWAY) + LOAD_FAILURE;
    const file = await app.write("load-failure.mjs", program);
    const args = [file, `${folder}/template.yaml`];
    const { stdout } = await run(packages.node(22), args, app.folder);
    expect(stdout).toContain(
      `${missing} is not installed. Lambda includes it; here "npm i -D ${missing}" provides it`,
    );
  },
  30_000,
);

/** Answers with what version 2 of the SDK is, or why it cannot be loaded. */
const USES_SDK_V2 = `
  exports.handler = async () => {
    try {
      return { statusCode: 200, body: typeof require("aws-sdk").DynamoDB };
    } catch ({ code }) {
      return { statusCode: 200, body: code };
    }
  };`;

test.each([
  ["nodejs16.x", "function\n"],
  ["nodejs22.x", "MODULE_NOT_FOUND\n"],
])(
  "version 2 of the SDK, installed with the gateway, is there for functions as on Lambda: %s",
  async (runtime, stdout) => {
    const link = join(app.folder, "node_modules", "aws-sdk");
    await symlink(join(await installSdkV2(), "aws-sdk"), link, "junction");
    try {
      // Outside the application, so that nothing but the gateway can find it.
      const folder = join(packages.folder, `on ${runtime}`);
      await mkdir(join(folder, "function"), { recursive: true });
      const template = await readFile(join(app.folder, "template.yaml"), "utf8");
      await writeFile(join(folder, "template.yaml"), template.replace("nodejs22.x", runtime));
      await writeFile(join(folder, "function", "index.js"), USES_SDK_V2);
      const program = LOAD.mjs("startLocalGateway", GATEWAY) + ECHO;
      const file = await app.write("sdk-v2.mjs", program);
      expect(await run(packages.node(22), [file], folder)).toMatchObject({ code: 0, stdout });
    } finally {
      await rm(link);
    }
  },
  INSTALL_TIMEOUT,
);

test("a template without a table needs no DynamoDB, and the gateway loads none", async () => {
  const dynalite = join(app.folder, "node_modules", "dynalite");
  await rename(dynalite, `${dynalite}-away`);
  try {
    for (const format of ["mjs", "cjs"] as const) {
      const program = LOAD[format]("startLocalGateway", GATEWAY) + ECHO;
      const file = await app.write(`without-dynalite.${format}`, program);
      const outcome = await run(packages.node(22), [file], app.folder);
      expect(outcome).toEqual({ code: 0, stdout: "Hello!\n", stderr: "" });
    }
  } finally {
    await rename(`${dynalite}-away`, dynalite);
  }
}, 60_000);

/** Makes a program believe that it runs on another Node. */
const ON_NODE_20 = `
  Object.defineProperty(process, "version", { value: "v20.19.0" });
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } });
`;

test("on a Node that is too old the command says which one it needs", async () => {
  const old = await app.write("node-20.mjs", ON_NODE_20);
  const command = join(app.folder, "node_modules", GATEWAY, "dist", "cli.js");
  const args = ["--import", pathToFileURL(old).href, command, "--template", "template.yaml"];
  const stderr = "The local gateway needs Node 22.15 or later, not v20.19.0. [NODE_TOO_OLD]\n";
  expect(await run(packages.node(22), args, app.folder)).toEqual({ code: 1, stdout: "", stderr });
}, 30_000);

test("without a template the command says one sentence", async () => {
  const command = join(app.folder, "node_modules", GATEWAY, "dist", "cli.js");
  const args = [command, "--template", "missing.yaml", "--port", "0"];
  const outcome = await run(packages.node(22), args, app.folder);
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
  expect(outcome.stderr).toMatch(/^[^\n]*missing\.yaml[^\n]*\n$/);
}, 30_000);

/** Starts the gateway by its command, sends a message, stops it with SIGINT, and returns what came back. */
async function talkToCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  node: string,
): Promise<string> {
  const child = spawn(command, args, {
    cwd,
    env: environment(node),
    stdio: ["ignore", "pipe", "pipe"],
    // npx and the gateway are stopped together, as by Ctrl-C.
    detached: true,
  });
  const exited = once(child, "exit");
  const errors = text(child.stderr);
  // A line about the function's runtime may come first.
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.startsWith("Listening on ")) {
      break;
    }
  }
  const url = lines.at(-1)?.replace(/^Listening on /, "") ?? "";
  if (child.pid === undefined || !URL.canParse(url)) {
    throw new Error(`The command does not listen: ${lines.join(" ")} ${await errors}`);
  }
  try {
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send("Hello!");
    return await new Promise((settle, reject) => {
      socket.onmessage = ({ data }) => settle(String(data));
      socket.onerror = () => reject(new Error(`No connection to ${url}`));
    });
  } finally {
    process.kill(-child.pid, "SIGINT");
    await exited;
  }
}
