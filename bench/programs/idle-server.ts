/**
 * A server whose connections do nothing: the local gateway as the command line runs it, with a function that lets everyone
 * in, or ws alone. Both negotiate permessage-deflate with a client that offers it. Reports its memory on request, when it
 * holds no garbage.
 */
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { runGateway } from "../../local-gateway/run-gateway.ts";
import type { IdleReport } from "../commands.ts";
import { answerCommands } from "../program.ts";

async function startGateway(): Promise<() => Omit<IdleReport, "memory">> {
  const template = join(import.meta.dirname, "..", "app", "template.yaml");
  const gateway = await runGateway({ template, quiet: true });
  return () => ({ url: gateway.url, connections: gateway.connections });
}

async function startBareServer(): Promise<() => Omit<IdleReport, "memory">> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: true });
  await once(server, "listening");
  const address = server.address();
  const url = typeof address === "object" ? `ws://127.0.0.1:${address?.port}` : "";
  return () => ({ url, connections: server.clients.size });
}

/** How long what the first collection has finalized may take to end, in milliseconds. */
const FINALIZATION = 300;

const describe = await (process.argv[2] === "gateway" ? startGateway() : startBareServer());

answerCommands(async (_: object): Promise<IdleReport> => {
  // The first one leaves the handles of what it has found.
  globalThis.gc?.();
  await wait(FINALIZATION);
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { ...describe(), memory: heapUsed + external };
});
