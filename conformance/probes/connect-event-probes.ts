import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";
import { contextMembers, sortedKeys } from "../received.ts";
import type { ConnectOptions } from "../upgrade.ts";

/** The event of a `$connect`. */
export const CONNECT_EVENT_PROBES: readonly Probe[] = [
  {
    id: "connect-event-members",
    confidence: "documented",
    async run(context) {
      const event = await connectEvent(context);
      assert.deepEqual(sortedKeys(event), [
        "headers",
        "isBase64Encoded",
        "multiValueHeaders",
        "multiValueQueryStringParameters",
        "queryStringParameters",
        "requestContext",
      ]);
      assert.equal(event.isBase64Encoded, false);
    },
  },
  {
    id: "connect-event-context",
    confidence: "recorded",
    async run(context) {
      const { requestContext } = await connectEvent(context);
      assert.deepEqual(sortedKeys(requestContext), contextMembers());
      const { routeKey, eventType } = requestContext;
      assert.deepEqual({ routeKey, eventType }, { routeKey: "$connect", eventType: "CONNECT" });
    },
  },
  {
    id: "connect-event-header-case",
    confidence: "recorded",
    async run(context) {
      const { headers = {} } = await connectEvent(context, { headers: { "X-pRoBe": "as it is" } });
      assert.equal(headers["X-pRoBe"], "as it is");
      assert.equal(headers["Sec-WebSocket-Version"], "13");
    },
  },
  {
    id: "connect-event-left-out-headers",
    confidence: "recorded",
    async run(context) {
      const { headers } = await connectEvent(context, { headers: { "Content-Length": "0" } });
      const names = sortedKeys(headers).map((name) => name.toLowerCase());
      const found = names.filter((name) => /^(host|connection|upgrade|content-length)$/.test(name));
      assert.deepEqual(found, ["host"]);
    },
  },
  {
    id: "connect-event-added-headers",
    confidence: "recorded",
    async run(context) {
      const { headers = {}, requestContext } = await connectEvent(context);
      assert.equal(headers.Host, requestContext.domainName);
      assert.equal(headers["X-Forwarded-For"], requestContext.identity.sourceIp);
      assert.equal(headers["X-Forwarded-Port"], "443");
      assert.equal(headers["X-Forwarded-Proto"], "https");
      assert.match(headers["X-Amzn-Trace-Id"] ?? "", /^Root=1-[\da-f]{8}-[\da-f]{24}/);
    },
  },
  {
    id: "connect-event-multi-value-headers",
    confidence: "recorded",
    async run(context) {
      const { headers = {}, multiValueHeaders } = await connectEvent(context);
      const lists = Object.entries(headers).map(([name, value]) => [name, [value]]);
      assert.deepEqual(multiValueHeaders, Object.fromEntries(lists));
    },
  },
  {
    id: "connect-event-query",
    confidence: "recorded",
    async run(context) {
      const event = await connectEvent(context, { query: { topic: "blue & red" } });
      assert.partialDeepStrictEqual(event, {
        queryStringParameters: { topic: "blue & red" },
        multiValueQueryStringParameters: { topic: ["blue & red"] },
      });
    },
  },
  {
    id: "connect-event-repeated-query",
    confidence: "our default",
    async run(context) {
      const event = await connectEvent(context, { query: { topic: ["blue", "red"] } });
      assert.partialDeepStrictEqual(event, {
        queryStringParameters: { topic: "red" },
        multiValueQueryStringParameters: { topic: ["blue", "red"] },
      });
    },
  },
  {
    id: "connect-event-without-query",
    confidence: "recorded",
    async run(context) {
      const connectionId = await context.connectionIdOf(await context.connect());
      const event = await context.lifecycleEvent(connectionId, "CONNECT");
      const members = sortedKeys(event).filter((name) => /query/i.test(name));
      assert.deepEqual(members, []);
    },
  },
  {
    id: "user-agent",
    confidence: "recorded",
    async run(context) {
      const { requestContext: named } = await connectEvent(context, {
        headers: { "User-Agent": "probe/1" },
      });
      assert.equal(named.identity.userAgent, "probe/1");
      const { requestContext: nameless } = await connectEvent(context);
      assert.deepEqual(sortedKeys(nameless.identity), ["sourceIp"]);
    },
  },
];

/** The event of a new connection, which always has a query string. */
async function connectEvent(context: ProbeContext, options: ConnectOptions = {}) {
  const mark = randomUUID();
  await context.connect({ ...options, query: { ...options.query, mark } });
  return await context.lifecycleEvent(mark, "CONNECT");
}
