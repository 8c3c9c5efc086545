/**
 * Begins a fixed number of connections a second, each through `$connect` in the function, and closes each once it is
 * open. Usage: node bench/connects.ts [RATE=1000] [SECONDS=10]
 */

import type { ClientsCommand, ClientsReport } from "./clients-command.ts";
import { conclude } from "./conclude.ts";
import { memory } from "./memory.ts";
import { requireOpenFiles } from "./require-open-files.ts";
import { startProgram } from "./start-program.ts";
import { startSubject } from "./start-subject.ts";

const rate = Math.min(Number(process.argv[2] ?? 1000), 5000);
const seconds = Math.min(Number(process.argv[3] ?? 10), 20);
/** So many may be open at once when the machine cannot keep up. */
const OPEN_FILES = 8_000;

requireOpenFiles(OPEN_FILES);
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
conclude(subject, { "warmed up": warmedUp, connected });
await clients.stop();
await subject.gateway.close();
