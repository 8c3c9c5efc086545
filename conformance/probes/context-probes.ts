import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";
import type { WebSocketEvent } from "../received.ts";

const ID = /^[\w-]{15}=$/;

/** What the `requestContext` of every event says, or of those of one connection together. */
export const CONTEXT_PROBES: readonly Probe[] = [
  {
    id: "id-form",
    confidence: "recorded",
    async run(context) {
      const [, message] = await lifeOf(context);
      const { connectionId, messageId = "", requestId } = message.requestContext;
      for (const id of [connectionId, messageId, requestId]) {
        assert.match(id, ID);
        assert.equal(Buffer.from(id, "base64url").length, 11);
      }
    },
  },
  {
    id: "message-id-tail",
    confidence: "recorded",
    async run(context) {
      const [, { requestContext }] = await lifeOf(context);
      const { connectionId, messageId = "" } = requestContext;
      assert.deepEqual(tail(messageId), tail(connectionId));
    },
  },
  {
    id: "request-id-twice",
    confidence: "documented",
    async run(context) {
      for (const { requestContext } of await lifeOf(context)) {
        assert.equal(requestContext.extendedRequestId, requestContext.requestId);
      }
    },
  },
  {
    id: "request-id-is-fresh",
    confidence: "recorded",
    async run(context) {
      const events = await lifeOf(context);
      const ids = new Set(events.map(({ requestContext }) => requestContext.requestId));
      assert.equal(ids.size, events.length);
    },
  },
  {
    id: "request-time",
    confidence: "documented",
    async run(context) {
      for (const { requestContext } of await lifeOf(context)) {
        const { requestTime, requestTimeEpoch } = requestContext;
        assert.match(requestTime, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
        const readable = requestTime.replaceAll("/", " ").replace(":", " ");
        assert.equal(Date.parse(readable), Math.floor(requestTimeEpoch / 1000) * 1000);
      }
    },
  },
  {
    id: "connected-at",
    confidence: "recorded",
    async run(context) {
      const [connect, ...later] = await lifeOf(context);
      const { connectedAt, requestTimeEpoch } = connect.requestContext;
      assert.ok(Number.isInteger(connectedAt) && connectedAt <= requestTimeEpoch);
      for (const { requestContext } of later) {
        assert.equal(requestContext.connectedAt, connectedAt);
      }
    },
  },
  {
    id: "connection-id-is-constant",
    confidence: "documented",
    async run(context) {
      const [connect, ...later] = await lifeOf(context);
      for (const { requestContext } of later) {
        assert.equal(requestContext.connectionId, connect.requestContext.connectionId);
      }
    },
  },
  {
    id: "message-direction",
    confidence: "recorded",
    async run(context) {
      for (const { requestContext } of await lifeOf(context)) {
        assert.equal(requestContext.messageDirection, "IN");
      }
    },
  },
  {
    id: "domain-name-and-stage",
    confidence: "recorded",
    async run(context) {
      const stage = new URL(context.endpoint.url).pathname.slice(1);
      for (const { requestContext } of await lifeOf(context)) {
        const { apiId, domainName } = requestContext;
        assert.match(apiId, /^[a-z0-9]{10}$/);
        assert.ok(domainName.startsWith(`${apiId}.execute-api.`), domainName);
        assert.equal(requestContext.stage, stage);
      }
    },
  },
];

/** The events of one connection with one message. */
async function lifeOf(
  context: ProbeContext,
): Promise<[connect: WebSocketEvent, message: WebSocketEvent, disconnect: WebSocketEvent]> {
  const client = await context.connect();
  const message = await context.eventOf(client, "hello");
  client.webSocket.close();
  const { connectionId } = message.requestContext;
  return [
    await context.lifecycleEvent(connectionId, "CONNECT"),
    message,
    await context.lifecycleEvent(connectionId, "DISCONNECT"),
  ];
}

/** The last three of an id's eleven bytes. */
function tail(id: string): Buffer {
  return Buffer.from(id, "base64url").subarray(8);
}
