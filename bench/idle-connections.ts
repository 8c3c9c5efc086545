/**
 * Opens many connections through the gateway and its function, keeps them open, and asks every hundredth of them for an
 * echo. Usage: node --expose-gc bench/idle-connections.ts [COUNT=10000]
 */
import { setTimeout as wait } from "node:timers/promises";
import { conclude } from "./conclude.ts";
import { memory } from "./memory.ts";
import { requireOpenFiles } from "./require-open-files.ts";
import { startClients } from "./start-clients.ts";
import { startSubject } from "./start-subject.ts";

const count = Math.min(Number(process.argv[2] ?? 10_000), 20_000);
/** Files that the gateway has open besides its connections. */
const OTHER_FILES = 500;

requireOpenFiles(count + OTHER_FILES);
const subject = await startSubject();
const clients = startClients(subject.gateway.url);
const before = memory();
const opened = await clients.ask({ do: "open", count, concurrency: 64 });
const { connections } = subject.gateway;
const cpu = process.cpuUsage();
const begin = performance.now();
await wait(5_000);
const { user, system } = process.cpuUsage(cpu);
const busy = (user + system) / 1000 / (performance.now() - begin);
const idle = memory();
const echoed = await clients.ask({ do: "echo", every: 100 });
const closed = await clients.ask({ do: "close" });
console.log(`${connections} connections open at once`);
console.log(
  `memory: ${before.resident} MB before, ${idle.resident} MB idle (heap ${idle.heap} MB)`,
);
console.log(
  `per connection: ${(((idle.resident - before.resident) * 1024) / count).toFixed(1)} KB`,
);
console.log(`idle: ${(busy * 100).toFixed(1)} % of one core`);
conclude(subject, { opened, echoed, closed });
await clients.stop();
await subject.gateway.close();
