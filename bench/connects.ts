/**
 * Begins a fixed number of connections a second, each through `$connect` in the function, and closes each once it is
 * open. Usage: npx node bench/connects.ts [RATE=1000] [SECONDS=10]
 */

import type { ClientsCommand, ClientsReport } from "./commands.ts";
import { requireOpenFiles } from "./machine.ts";
import { memory } from "./memory.ts";
import { startProgram } from "./program.ts";
import { printReports, startSubject } from "./stress.ts";

const rate = Math.min(Number(process.argv[2] ?? 1000), 5000);
const seconds = Math.min(Number(process.argv[3] ?? 10), 20);
/** The most that are open at once when the machine cannot keep up. */
const CONNECTIONS = 6_000;

requireOpenFiles(CONNECTIONS);
const subject = await startSubject();
const clients = startProgram<ClientsCommand, ClientsReport>("clients.ts", {
  arguments: [subject.gateway.url],
});
const warmedUp = await clients.ask({ do: "connect at", rate: rate / 2, seconds: 2 });
const before = memory();
const cpu = process.cpuUsage();
const connected = await clients.ask({ do: "connect at", rate, seconds });
const { user, system } = process.cpuUsage(cpu);
const after = memory();
console.log(`memory: ${before.resident} MB before, ${after.resident} MB after`);
console.log(
  `gateway: ${((user + system) / 1e6 / connected.seconds).toFixed(2)} cores; clients: ${connected.cores.toFixed(2)}`,
);
printReports(subject, { "warmed up": warmedUp, connected });
await clients.stop();
await subject.gateway.close();
