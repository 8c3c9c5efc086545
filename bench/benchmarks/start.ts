import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Benchmark } from "../finding.ts";
import { median } from "../measure.ts";

const PROJECT = resolve(import.meta.dirname, "..", "..");
const NPM_START = ["start", "--", "--port", "0", "--quiet"];
const ROUNDS = 5;

/** How long a person waits between `npm start` and the first connection. */
export const start: Benchmark = {
  name: "start",
  async measure() {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      times.push(await startingTime());
    }
    return [
      {
        what: "`npm start` to `Listening`",
        unit: "s",
        measured: median(times),
        bound: { atMost: 2 },
      },
    ];
  },
};

/** In seconds. */
async function startingTime(): Promise<number> {
  const begin = performance.now();
  // A process group of its own, because npm does not pass a signal on.
  const npm = spawn("npm", NPM_START, {
    cwd: PROJECT,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(npm, "exit");
  const listening = new Promise<number>((resolve) => {
    createInterface(npm.stdout).on("line", (line) => {
      if (line.startsWith("Listening on ")) {
        resolve((performance.now() - begin) / 1000);
      }
    });
  });
  const seconds = await Promise.race([
    listening,
    ended.then(() => {
      throw new Error("npm start ended before it listened.");
    }),
  ]);
  process.kill(-(npm.pid ?? 0), "SIGINT");
  await ended;
  return seconds;
}
