import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint } from "./endpoint.ts";

/** Close to the idle timeout, and yet clearly before it. */
const NEARLY = 0.6;

/** Lets time pass, not quite as much as it takes until an idle connection is closed. */
export async function nearlyIdle({ idleTimeout }: Endpoint): Promise<void> {
  await sleep(idleTimeout * NEARLY * 1000);
}
