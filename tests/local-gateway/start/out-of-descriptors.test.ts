import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
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

test("without file descriptors one invocation fails with a line, and the gateway runs on", async () => {
  await using cli = runCliWithDescriptors(80, "--template", TEMPLATE, "--port", "0", "--no-watch");
  const url = (await cli.lines.take()).replace(/^Listening on /, "");
  const port = Number(new URL(url).port);
  const first = connect(port, "127.0.0.1");
  await once(first, "connect");
  const sockets = [first];
  while (await open(port, sockets)) {
    // As long as there are descriptors.
  }
  first.write(upgradeRequest("/test"));
  const [answer] = await once(first, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 502 /);
  let line = "";
  while (!line.includes("too many open files")) {
    line = await cli.lines.take();
  }
  expect(line).toMatch(/^EchoFunction \| RequestId: \S{36} Error: Runtime exited with error: /);
  for (const socket of sockets) {
    socket.destroy();
  }
  const client = await wsConnect(url);
  client.send("hello");
  expect(await client.messages.take()).toBe("hello");
});
