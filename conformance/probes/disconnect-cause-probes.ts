import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { ClientRequest } from "node:http";
import type { Probe } from "../probe.ts";
import type { Closed, ProbeClient } from "../probe-client.ts";
import type { ProbeContext } from "../probe-context.ts";

/** What `$disconnect` says about the end of a connection. */
export const DISCONNECT_CAUSE_PROBES: readonly Probe[] = [
  {
    id: "client-closes-without-code",
    confidence: "recorded",
    async run(context) {
      const cause = await causeAfter(context, ({ webSocket }) => webSocket.close());
      assert.deepEqual(cause, { code: 1005, reason: "Client-side close frame status not set" });
    },
  },
  {
    id: "client-goes-away",
    confidence: "our default",
    async run(context) {
      const cause = await causeAfter(context, ({ webSocket }) => webSocket.close(1001));
      assert.deepEqual(cause, { code: 1001, reason: "" });
    },
  },
  {
    id: "client-closes-with-reason",
    confidence: "our default",
    async run(context) {
      const cause = await causeAfter(context, ({ webSocket }) => webSocket.close(4000, "enough"));
      assert.deepEqual(cause, { code: 4000, reason: "enough" });
    },
  },
  {
    id: "connection-lost",
    confidence: "documented",
    async run(context) {
      const { code } = await causeAfter(context, ({ webSocket }) => webSocket.terminate());
      assert.equal(code, 1006);
    },
  },
  {
    id: "connection-lost-reason",
    confidence: "our default",
    async run(context) {
      const { reason } = await causeAfter(context, ({ webSocket }) => webSocket.terminate());
      assert.equal(reason, "Connection closed abnormally");
    },
  },
  {
    id: "deleted",
    confidence: "recorded",
    async run(context) {
      const cause = await causeAfter(context, async (_, connectionId) => {
        await context.manage("DELETE", connectionId);
      });
      assert.deepEqual(cause, { code: 1000, reason: "Connection Closed Normally" });
    },
  },
  {
    id: "idle-disconnect",
    confidence: "recorded",
    application: "idle",
    slow: "takes ten minutes",
    async run(context) {
      const cause = await causeAfter(context, async (client) => {
        await client.end(context.endpoint.idleTimeout + context.endpoint.timeout);
      });
      assert.deepEqual(cause, { code: 1001, reason: "Going away" });
    },
  },
  {
    id: "closed-by-a-limit",
    confidence: "documented",
    async run(context) {
      assert.deepEqual(await codesAfterLimits(context), [1009, 1003]);
    },
  },
  {
    id: "closed-by-a-limit-reason",
    confidence: "our default",
    async run(context) {
      let seen: Closed | undefined;
      const { reason } = await causeAfter(context, async (client) => {
        client.send("x".repeat(33 * 1024));
        seen = await client.end();
      });
      assert.equal(reason, seen?.reason);
    },
  },
  {
    id: "client-left-during-connect",
    confidence: "our default",
    async run(context) {
      const [note, mark] = [randomUUID(), randomUUID()];
      const helper = await context.connect();
      let request: ClientRequest | undefined;
      const connecting = context.connect({
        command: { do: "wait for a note", note },
        query: { mark },
        finishRequest: (upgrade) => {
          request = upgrade;
          upgrade.end();
        },
      });
      connecting.catch(() => {});
      const { requestContext } = await context.lifecycleEvent(mark, "CONNECT");
      request?.destroy();
      helper.ask("answer", { do: "write", note, value: "too late" });
      const event = await context.lifecycleEvent(requestContext.connectionId, "DISCONNECT");
      assert.equal(event.requestContext.disconnectStatusCode, 1006);
    },
  },
];

async function codesAfterLimits(context: ProbeContext): Promise<readonly (number | undefined)[]> {
  const tooBig = await causeAfter(context, (client) => client.send("x".repeat(33 * 1024)));
  const binary = await causeAfter(context, ({ webSocket }) => webSocket.send(Buffer.from("x")));
  return [tooBig.code, binary.code];
}

/** The cause in the `$disconnect` event of a connection that ends in the given way. */
async function causeAfter(
  context: ProbeContext,
  end: (client: ProbeClient, connectionId: string) => void | Promise<void>,
) {
  const client = await context.connect();
  const connectionId = await context.connectionIdOf(client);
  await end(client, connectionId);
  const { requestContext } = await context.lifecycleEvent(connectionId, "DISCONNECT");
  return { code: requestContext.disconnectStatusCode, reason: requestContext.disconnectReason };
}
