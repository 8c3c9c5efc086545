import { fileURLToPath } from "node:url";
import { runCli } from "../support/run-cli.ts";
import { type WsClient, wsConnect } from "../support/ws-connect.ts";

const TEMPLATE = fileURLToPath(new URL("fixtures/template.yaml", import.meta.url));
const CONNECTIONS = 40;

/** Sends a message for each that comes back, until the connection is closed. */
async function keepBusy(client: WsClient): Promise<void> {
  const { webSocket } = client;
  webSocket.on("message", () => {
    if (webSocket.readyState === webSocket.OPEN) {
      client.send("again");
    }
  });
  client.send("first");
  await client.messages.take();
}

test("a Ctrl-C under load closes everyone with 1001 and exits clean", async () => {
  await using cli = runCli("--template", TEMPLATE, "--port", "0", "--quiet");
  const url = (await cli.lines.take()).replace(/^Listening on /, "");
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => wsConnect(url)));
  await Promise.all(clients.map(keepBusy));
  cli.signal("SIGINT");
  const closed = await Promise.all(clients.map((client) => client.closed));
  expect(new Set(closed.map(({ code }) => code))).toEqual(new Set([1001]));
  expect(await cli.exited).toEqual({ code: 0, signal: null });
  expect(await cli.errors).toBe("");
});
