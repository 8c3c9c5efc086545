import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { writeProject } from "../lambda/write-project.ts";
import { runCliWithDescriptors } from "../support/run-cli.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";
import { wsConnect } from "../support/ws-connect.ts";

const TEMPLATE = fileURLToPath(new URL("fixtures/echo/template.yaml", import.meta.url));

/** Opens a socket and sends a request. True in the end when it was answered, false when the socket was dropped. */
async function open(port: number, sockets: Socket[]): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  const answered = once(socket, "data").then(
    () => true,
    () => false,
  );
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return await Promise.race([answered, once(socket, "close").then(() => false)]);
}

/** Takes the gateway's file descriptors away. Gives the sockets that hold them. */
async function occupy(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (await open(port, sockets)) {
    // As long as there are descriptors.
  }
  return sockets;
}

/** The next line that matches. */
async function line(lines: { take(): Promise<string> }, pattern: RegExp): Promise<string> {
  for (;;) {
    const next = await lines.take();
    if (pattern.test(next)) {
      return next;
    }
  }
}

test("without file descriptors one invocation fails with a line, and the gateway runs on", async () => {
  await using cli = runCliWithDescriptors(80, "--template", TEMPLATE, "--port", "0", "--no-watch");
  const url = (await line(cli.lines, /^Listening on /)).replace("Listening on ", "");
  const port = Number(new URL(url).port);
  const first = connect(port, "127.0.0.1");
  await once(first, "connect");
  const sockets = [first, ...(await occupy(port))];
  first.write(upgradeRequest("/test"));
  const [answer] = await once(first, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 502 /);
  expect(await line(cli.lines, /too many open files/)).toMatch(
    /^EchoFunction \| RequestId: \S{36} Error: Runtime exited with error: /,
  );
  for (const socket of sockets) {
    socket.destroy();
  }
  const client = await wsConnect(url);
  client.send("hello");
  expect(await client.messages.take()).toBe("hello");
});

test.each(["typescript", "javascript"] as const)(
  "without file descriptors a %s function is not reloaded, and is when there are some again",
  async (kind) => {
    const source = `src/handler.${kind === "typescript" ? "ts" : "js"}`;
    const handler = (body: string) => `
      ${kind === "typescript" ? "export const handler" : "exports.handler"} = async () => (
        { statusCode: 200, body: "${body}" });`;
    await using project = await writeProject(kind, { [source]: handler("before") });
    await using cli = runCliWithDescriptors(80, "--template", project.template, "--port", "0");
    const url = (await line(cli.lines, /^Listening on /)).replace("Listening on ", "");
    const sockets = await occupy(Number(new URL(url).port));
    await project.write(source, handler("meanwhile"));
    await line(cli.lines, /^not reloaded/);
    for (const socket of sockets) {
      socket.destroy();
    }
    await project.write(source, handler("after"));
    await line(cli.lines, /^reloaded Fn/);
    const client = await wsConnect(url);
    client.send("hello");
    expect(await client.messages.take()).toBe("after");
  },
);
