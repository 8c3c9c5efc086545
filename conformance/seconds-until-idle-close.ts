import assert from "node:assert/strict";
import type { Endpoint } from "./endpoint.ts";
import type { ProbeClient } from "./probe-client.ts";

/** Waits until the gateway closes an idle connection, as it always does, and says how many seconds that took. */
export async function secondsUntilIdleClose(
  { idleTimeout, patience }: Endpoint,
  client: ProbeClient,
): Promise<number> {
  const begin = performance.now();
  const closed = await client.end(idleTimeout + patience);
  assert.deepEqual(closed, { code: 1001, reason: "Going away" });
  return (performance.now() - begin) / 1000;
}
