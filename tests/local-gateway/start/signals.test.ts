import { once } from "node:events";
import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { startWritten } from "../applications/start-written.ts";
import { type ApplicationFiles, writeApplication } from "../applications/write-application.ts";
import { Inbox } from "../support/inbox.ts";
import { runCli } from "../support/run-cli.ts";

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      StageName: test
      Routes:
        $disconnect: { FunctionArn: !GetAtt Fn.Arn }
  Fn:
    Type: AWS::Serverless::Function
    METADATA
    Properties: { CodeUri: fn, Handler: index.handler, Runtime: nodejs24.x }`;

/** A server that takes whoever connects; what is still connected at the end is disconnected. */
async function startServer() {
  const sockets = new Inbox<Socket>();
  const all = new Set<Socket>();
  const server = createServer((socket) => {
    all.add(socket.on("error", () => {}));
    sockets.put(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of all) {
        socket.destroy();
      }
      server.close();
      await once(server, "close");
    },
  };
}

async function writeFiles(metadata: string, files: ApplicationFiles) {
  return await writeApplication({
    "template.yaml": TEMPLATE.replace("METADATA", metadata),
    ...files,
  });
}

/** Connects, says in which folder it runs, and runs as long as it is connected. */
const builder = (port: number) => `
  const socket = require("node:net").connect(${port}, "127.0.0.1");
  socket.write(process.cwd());
  socket.on("close", () => process.exit(1));`;

describe.each([
  ["the start", [], 0],
  ["exec", ["exec"], 143],
])("during %s", (_, subcommand, exitCode) => {
  test.each([
    ["SIGTERM", { code: exitCode, signal: null }],
    ["SIGKILL", { code: null, signal: "SIGKILL" }],
  ] as const)("%s ends what make runs", async (signal, exit) => {
    await using server = await startServer();
    await using application = await writeFiles("Metadata: { BuildMethod: makefile }", {
      "fn/builder.cjs": builder(server.port),
      "fn/Makefile": `build-Fn:\n\t"${process.execPath}" builder.cjs`,
    });
    const options = ["--template", application.template, "--port", "0", "--dynamodb-port", "0"];
    const command = subcommand.length > 0 ? ["--", process.execPath, "-e", ""] : [];
    await using cli = runCli(...subcommand, ...options, ...command);
    const socket = await server.sockets.take();
    const [folder] = await once(socket, "data");
    const ended = once(socket, "close");
    cli.signal(signal);
    expect(await cli.exited).toEqual(exit);
    await ended;
    if (signal === "SIGTERM") {
      // The function's and the gateway's.
      expect(existsSync(String(folder))).toBe(false);
      expect(existsSync(dirname(String(folder)))).toBe(false);
      expect(await cli.errors).not.toContain("does not build");
    }
  });
});

test("a signal while exec ends its gateway changes nothing", async () => {
  await using server = await startServer();
  await using application = await writeFiles("", {
    "fn/index.js": `
      const { connect } = require("node:net");
      exports.handler = () => new Promise((resolve) => {
        const socket = connect(${server.port}, "127.0.0.1");
        socket.on("data", () => socket.end("done"));
        socket.on("close", () => resolve({ statusCode: 200 }));
      });`,
  });
  const program = join(application.folder, "command.cjs");
  await writeFile(
    program,
    `const socket = new WebSocket(process.env.WEBSOCKET_API_URL);
    socket.onopen = () => process.exit(3);`,
  );
  const options = ["--template", application.template];
  await using cli = runCli("exec", ...options, "--", process.execPath, program);
  // $disconnect runs: the command has ended.
  const socket = await server.sockets.take();
  cli.signal("SIGTERM");
  socket.write("go on");
  const [text] = await once(socket, "data");
  expect(String(text)).toBe("done");
  expect(await cli.exited).toEqual({ code: 3, signal: null });
});

test("a gateway that closes does not wait for what make builds anew", async () => {
  await using server = await startServer();
  const application = await startWritten(
    {
      "template.yaml": TEMPLATE.replace("METADATA", "Metadata: { BuildMethod: makefile }"),
      "fn/index.js": "",
      "fn/builder.cjs": "",
      "fn/Makefile": `build-Fn:\n\tcp index.js $(ARTIFACTS_DIR)\n\t"${process.execPath}" builder.cjs`,
    },
    { watch: true },
  );
  const program = join(application.folder, "fn/builder.cjs");
  await writeFile(`${program}.new`, builder(server.port));
  await rename(`${program}.new`, program);
  const socket = await server.sockets.take();
  const ended = once(socket.resume(), "close");
  await application[Symbol.asyncDispose]();
  await ended;
});
