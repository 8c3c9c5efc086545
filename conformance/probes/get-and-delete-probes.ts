import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import { sortedKeys } from "../received.ts";

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** How the management API describes a connection, and how it ends one. */
export const GET_AND_DELETE_PROBES: readonly Probe[] = [
  {
    id: "get",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect({ headers: { "User-Agent": "probe/1" } });
      const { requestContext } = await context.eventOf(client, "who am I?");
      const answer = await context.manage("GET", requestContext.connectionId);
      assert.equal(answer.status, 200);
      const details = JSON.parse(answer.body);
      assert.deepEqual(sortedKeys(details), ["connectedAt", "identity", "lastActiveAt"]);
      const { sourceIp } = requestContext.identity;
      assert.deepEqual(details.identity, { sourceIp, userAgent: "probe/1" });
      assert.match(details.connectedAt, ISO_TIME);
      assert.match(details.lastActiveAt, ISO_TIME);
      assert.equal(Date.parse(details.connectedAt), requestContext.connectedAt);
    },
  },
  {
    id: "get-without-user-agent",
    confidence: "recorded",
    async run(context) {
      const connectionId = await context.connectionIdOf(await context.connect());
      const { body } = await context.manage("GET", connectionId);
      assert.equal(JSON.parse(body).identity.userAgent, null);
    },
  },
  {
    id: "last-active-at",
    confidence: "documented",
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      const lastActiveAt = async () => {
        const { body } = await context.manage("GET", connectionId);
        return Date.parse(JSON.parse(body).lastActiveAt);
      };
      const before = await lastActiveAt();
      // As many messages as it takes for a clock of milliseconds to move on.
      for (let messages = 0; messages < 5; messages += 1) {
        await context.eventOf(client, "still here");
      }
      const after = await lastActiveAt();
      assert.ok(after > before, `${before} before, ${after} after messages`);
    },
  },
  {
    id: "delete",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      const { status, body } = await context.manage("DELETE", connectionId);
      assert.deepEqual({ status, body }, { status: 204, body: "" });
      const closed = await client.end();
      assert.deepEqual(closed, { code: 1000, reason: "Connection Closed Normally" });
    },
  },
  {
    id: "other-methods",
    confidence: "our default",
    async run(context) {
      const connectionId = await context.connectionIdOf(await context.connect());
      const { status, body } = await context.manage("PUT", connectionId, "hello");
      assert.equal(status, 404);
      assert.match(body, /No method found matching route @connections\/.* for http method PUT\./);
    },
  },
];
