import type { SlowFaultName } from "./fault-settings.ts";

const SLOW: ReadonlySet<string> = new Set<SlowFaultName>([
  "delayDisconnect",
  "slowPost",
  "slowDatabase",
]);

/** Whether a fault of this name takes time. */
export function isSlowFault(name: string): name is SlowFaultName {
  return SLOW.has(name);
}
