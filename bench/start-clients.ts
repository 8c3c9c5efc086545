import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ClientsCommand, ClientsReport } from "./clients-command.ts";

/** Clients of a gateway, in a process of their own: this process's memory and time are the gateway's. */
export interface Clients {
  ask(command: ClientsCommand): Promise<ClientsReport>;
  /** Ends the process. */
  stop(): Promise<void>;
}

/** Starts a process whose clients connect to `url`. Its end fails what it was asked. */
export function startClients(url: string): Clients {
  const child = fork(join(import.meta.dirname, "clients.ts"), [url]);
  const ended = once(child, "exit");
  return {
    async ask(command) {
      const answered = once(child, "message");
      child.send(command);
      const [report] = await Promise.race([
        answered,
        ended.then(() => {
          throw new Error("The process of the clients has ended.");
        }),
      ]);
      return report;
    },
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
