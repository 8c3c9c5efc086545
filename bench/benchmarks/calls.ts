import { once } from "node:events";
import { resolve } from "node:path";
import { WebSocket } from "ws";
import { startLocalGateway } from "../../local-gateway/index.ts";
import { startCountingProxy } from "../counting-proxy.ts";
import type { Benchmark } from "../finding.ts";
import { describeCalls, type Operation, operations } from "../operations.ts";
import { startProgram } from "../program.ts";
import { buildRelay, relayEnvironment } from "../relay-build.ts";

const TEMPLATE = resolve(import.meta.dirname, "..", "..", "template.yaml");
const CHANNEL = "lobby";
const USER = "alice";
const OTHERS = 3;

/** What the template sets for the function when `HistoryHours` is 24. */
const HISTORY = { HISTORY_HOURS: "24", HISTORY_TABLE: "local-MessagesTable" };

/** The calls that each operation makes, which are what it costs; they are the same on every machine. */
export const calls: Benchmark = {
  name: "calls",
  async measure() {
    const runs = [await callsOf({ history: false }), await callsOf({ history: true })];
    const table = describeCalls(runs.flatMap(({ made }) => made));
    console.log([...table, ""].join("\n"));
    const promised = describeCalls(runs.flatMap(({ allowed }) => allowed));
    const wrong = table.flatMap((row, index) =>
      row === promised[index] ? [] : [`${row} instead of ${promised[index]}`],
    );
    for (const line of wrong) {
      console.error(line);
    }
    return [
      {
        what: "with other calls than documented",
        unit: "operations",
        measured: wrong.length,
        bound: { atMost: 0 },
      },
    ];
  },
};

/** The calls that operations may make, and those that they made, with history or without. */
async function callsOf({ history }: { readonly history: boolean }) {
  const gateway = await startLocalGateway({
    template: TEMPLATE,
    quiet: true,
    parameterOverrides: { HistoryHours: history ? "24" : "0" },
    // Who is closed by a backend would be removed by its own $disconnect at the same time.
    faults: { dropDisconnect: 1 },
  });
  const [management, database] = await Promise.all(
    [gateway.managementUrl, gateway.dynamodbUrl].map(startCountingProxy),
  );
  await using bundle = await buildRelay();
  const relay = startProgram<object, unknown>("relay-function.ts", {
    arguments: [bundle.url],
    environment: {
      ...relayEnvironment(database?.url ?? ""),
      ...(history && HISTORY),
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `${management?.url}${new URL(gateway.url).pathname}`,
    },
  });
  const sender = await connect(`${gateway.url}?channel=${CHANNEL}`);
  const others: string[] = [];
  for (let count = 0; count < OTHERS; count += 1) {
    others.push(await connect(`${gateway.url}?channel=${CHANNEL}&user=${USER}`));
  }
  const open = { sender, others, channel: CHANNEL, user: USER };
  const allowed = await operations(open, { history });
  const made: Omit<Operation, "event">[] = [];
  for (const { what, event } of allowed) {
    await relay.ask(event);
    const posts = management?.take().length ?? 0;
    made.push({ what, database: database?.take() ?? [], posts });
  }
  await relay.stop();
  for (const proxy of [management, database]) {
    proxy?.close();
  }
  await gateway.close();
  return { allowed, made };
}

/** Connects, and resolves with the connection's id. */
async function connect(url: string): Promise<string> {
  const webSocket = new WebSocket(url);
  await once(webSocket, "open");
  const answered = once(webSocket, "message");
  webSocket.send(JSON.stringify({ action: "sendMessageRoute", id: "1" }));
  return JSON.parse(String((await answered)[0])).connectionId;
}
