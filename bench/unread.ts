/**
 * Posts to clients that never read until the gateway has closed them all, and watches its memory meanwhile.
 * Usage: npx node --expose-gc bench/unread.ts [CLIENTS=50]
 */
import { setTimeout as wait } from "node:timers/promises";
import type { ClientsCommand, ClientsReport } from "./commands.ts";
import { memory } from "./memory.ts";
import { startProgram } from "./program.ts";
import { printReports, startSubject } from "./stress.ts";

const count = Math.min(Number(process.argv[2] ?? 50), 200);

const subject = await startSubject();
const { url, managementUrl } = subject.gateway;
const clients = startProgram<ClientsCommand, ClientsReport>("clients.ts", { arguments: [url] });
const opened = await clients.ask({ do: "open", count, concurrency: 10 });
const before = memory();
let most = before.resident;
const watch = setInterval(() => {
  most = Math.max(most, memory().resident);
}, 250);
const posted = await clients.ask({ do: "post unread", managementUrl });
clearInterval(watch);
const after = memory();
// The last closes may still be under way.
for (let tries = 0; subject.gateway.connections > 0 && tries < 50; tries += 1) {
  await wait(100);
}
console.log(`posts: ${JSON.stringify(posted.failures)} in ${posted.seconds.toFixed(1)} s`);
console.log(`connections left open: ${subject.gateway.connections}`);
console.log(`memory: ${before.resident} MB before, ${most} MB at most, ${after.resident} MB after`);
printReports(subject, { opened });
await clients.stop();
await subject.gateway.close();
