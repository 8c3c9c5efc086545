import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import { idleCloseSeconds, nearlyIdle, type ProbeClient } from "../probe-client.ts";
import type { ProbeContext } from "../probe-context.ts";

const TEN_MINUTES = "takes ten minutes";
const TWENTY_MINUTES = "takes twenty minutes";
const TWO_HOURS = "takes two hours";

/** When a gateway closes a connection by itself. */
export const TIME_PROBES: readonly Probe[] = [
  {
    id: "idle-timeout",
    confidence: "recorded",
    application: "idle",
    slow: TEN_MINUTES,
    async run(context) {
      const client = await context.connect();
      const seconds = await idleCloseSeconds(context.endpoint, client);
      assert.ok(seconds > context.endpoint.idleTimeout * 0.9, `closed after ${seconds} s`);
    },
  },
  {
    id: "message-resets-idle",
    confidence: "documented",
    application: "idle",
    slow: TWENTY_MINUTES,
    async run(context) {
      const client = await context.connect();
      await nearlyIdle(context.endpoint);
      await context.eventOf(client, "still here");
      await nearlyIdle(context.endpoint);
      await context.eventOf(client, "still here, longer than the timeout");
    },
  },
  {
    id: "post-resets-idle",
    confidence: "recorded",
    application: "idle",
    slow: TWENTY_MINUTES,
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      await nearlyIdle(context.endpoint);
      await context.manage("POST", connectionId, "still there?");
      await nearlyIdle(context.endpoint);
      const { status } = await context.manage("POST", connectionId, "longer than the timeout?");
      assert.equal(status, 200);
    },
  },
  {
    id: "connection-duration",
    confidence: "documented",
    application: "brief",
    slow: TWO_HOURS,
    async run(context) {
      const { code } = await endOfLife(context, await context.connect());
      assert.equal(code, 1001);
    },
  },
  {
    id: "connection-duration-reason",
    confidence: "recorded",
    application: "brief",
    slow: TWO_HOURS,
    async run(context) {
      const { reason } = await endOfLife(context, await context.connect());
      assert.equal(reason, "Going away");
    },
  },
];

/** Keeps a connection busy until the gateway ends it. */
async function endOfLife({ endpoint }: ProbeContext, client: ProbeClient) {
  const { idleTimeout, connectionDuration, timeout } = endpoint;
  const heartbeat = setInterval(() => client.send("still here"), idleTimeout * 500);
  try {
    return await client.end(connectionDuration + timeout);
  } finally {
    clearInterval(heartbeat);
  }
}
