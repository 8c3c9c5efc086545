import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Confidence, Probe } from "../probe.ts";
import { errorFrame } from "../received.ts";

/** Which route a message takes. */
export const ROUTE_PROBES: readonly Probe[] = [
  selects("action-selects-route", "documented", ['{"action":"answer"}'], "answer"),
  selects("unknown-action", "documented", ['{"action":"dance"}'], "$default"),
  selects("missing-action", "documented", ['{"text":"hi"}', '{"action":null}'], "$default"),
  selects(
    "action-is-exact",
    "documented",
    ['{"action":"Answer"}', '{"action":"answer "}'],
    "$default",
  ),
  selects("text-that-is-not-json", "documented", ["hello", '{"action":"answer"'], "$default"),
  selects("json-without-members", "documented", ["[1]", "5", "null", '"answer"'], "$default"),
  selects("empty-message", "documented", [""], "$default"),
  selects("number-as-action", "our default", ['{"action":5}'], "5"),
  selects("object-as-action", "our default", ['{"action":{"answer":"answer"}}'], "$default"),
  {
    id: "connect-as-action",
    confidence: "our default",
    async run(context) {
      // $connect is one-way: the function has to note what it received.
      const client = await context.connect();
      const note = randomUUID();
      client.send(JSON.stringify({ action: "$connect", do: "note the event", note }));
      assert.partialDeepStrictEqual(await context.note(note), {
        requestContext: { routeKey: "$connect", eventType: "MESSAGE" },
      });
    },
  },
  {
    id: "array-as-action",
    confidence: "documented",
    application: "bare",
    async run(context) {
      const client = await context.connect();
      const { requestContext } = await context.eventOf(client, '{"action":["a","b"]}');
      assert.equal(requestContext.routeKey, "[a, b]");
    },
  },
  {
    id: "no-route",
    confidence: "recorded",
    application: "bare",
    async run(context) {
      const client = await context.connect();
      const { requestContext } = await context.eventOf(client, '{"action":["a","b"]}');
      const { connectionId } = requestContext;
      client.send("nowhere to go");
      assert.match(await client.receive(), errorFrame("Forbidden", connectionId));
      // The connection is still good.
      await context.eventOf(client, '{"action":["a","b"]}');
    },
  },
  {
    id: "route-without-integration",
    confidence: "our default",
    application: "bare",
    async run(context) {
      const client = await context.connect();
      const { requestContext } = await context.eventOf(client, '{"action":["a","b"]}');
      client.send('{"action":"empty"}');
      const frame = errorFrame("Internal server error", requestContext.connectionId);
      assert.match(await client.receive(), frame);
    },
  },
];

/** Messages that all take one route. */
function selects(
  id: string,
  confidence: Confidence,
  messages: readonly string[],
  routeKey: string,
): Probe {
  return {
    id,
    confidence,
    async run(context) {
      const client = await context.connect();
      for (const message of messages) {
        const { requestContext } = await context.eventOf(client, message);
        assert.equal(requestContext.routeKey, routeKey, message);
      }
    },
  };
}
