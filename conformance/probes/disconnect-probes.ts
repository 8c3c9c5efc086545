import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Probe } from "../probe.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeContext } from "../probe-context.ts";
import { contextMembers, sortedKeys } from "../received.ts";

/** The event of a `$disconnect`, and what happens to the function's result. */
export const DISCONNECT_PROBES: readonly Probe[] = [
  {
    id: "disconnect-event-members",
    confidence: "documented",
    async run(context) {
      const event = await eventAfter(context, ({ webSocket }) => webSocket.close());
      assert.deepEqual(sortedKeys(event), [
        "headers",
        "isBase64Encoded",
        "multiValueHeaders",
        "requestContext",
      ]);
    },
  },
  {
    id: "disconnect-event-context",
    confidence: "recorded",
    async run(context) {
      const { requestContext } = await eventAfter(context, ({ webSocket }) => webSocket.close());
      assert.deepEqual(
        sortedKeys(requestContext),
        contextMembers("disconnectReason", "disconnectStatusCode"),
      );
      const { routeKey, eventType } = requestContext;
      assert.deepEqual(
        { routeKey, eventType },
        { routeKey: "$disconnect", eventType: "DISCONNECT" },
      );
    },
  },
  {
    id: "disconnect-event-headers",
    confidence: "recorded",
    async run(context) {
      const event = await eventAfter(context, ({ webSocket }) => webSocket.close());
      const Host = event.requestContext.domainName;
      assert.deepEqual(event.headers, {
        Host,
        "x-api-key": "",
        "X-Forwarded-For": "",
        "x-restapi": "",
      });
      assert.deepEqual(event.multiValueHeaders, {
        Host: [Host],
        "x-api-key": [""],
        "X-Forwarded-For": [""],
        "x-restapi": [""],
      });
    },
  },
  {
    id: "disconnect-result-is-ignored",
    confidence: "documented",
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      const note = `${connectionId} at the end`;
      client.ask("answer", { do: "write", note, value: { do: "throw" } });
      await client.receive();
      client.webSocket.close();
      await context.lifecycleEvent(connectionId, "DISCONNECT");
      // A later connection came and went: a retry would have happened.
      await eventAfter(context, ({ webSocket }) => webSocket.close());
      assert.equal(await context.note(`${connectionId} disconnects`), 1);
    },
  },
  {
    id: "post-from-disconnect",
    confidence: "documented",
    async run(context) {
      const client = await context.connect();
      const [outcome, connectionId] = [randomUUID(), await context.connectionIdOf(client)];
      const note = `${connectionId} at the end`;
      client.ask("answer", { do: "write", note, value: { do: "note a post", note: outcome } });
      await client.receive();
      client.webSocket.close();
      assert.equal(await context.note(outcome), "GoneException");
    },
  },
  {
    id: "no-disconnect-after-rejection",
    confidence: "our default",
    async run(context) {
      const mark = randomUUID();
      const rejection = { do: "return", result: { statusCode: 403 } } as const;
      await context.rejection({ command: rejection, query: { mark } });
      const { requestContext } = await context.lifecycleEvent(mark, "CONNECT");
      // A later connection came and went: an event of the earlier one would be there.
      await eventAfter(context, ({ webSocket }) => webSocket.close());
      const reader = await context.connect();
      const note = `${requestContext.connectionId} DISCONNECT`;
      assert.equal(await reader.answer({ do: "read", note }), null);
    },
  },
];

/** The `$disconnect` event of a connection that ends in the given way. */
async function eventAfter(context: ProbeContext, end: (client: ProbeClient) => void) {
  const client = await context.connect();
  const connectionId = await context.connectionIdOf(client);
  end(client);
  return await context.lifecycleEvent(connectionId, "DISCONNECT");
}
