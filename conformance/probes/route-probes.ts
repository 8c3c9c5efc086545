import assert from "node:assert/strict";
import { errorFrame } from "../error-frame.ts";
import { freshName } from "../fresh-name.ts";
import type { Probe } from "../probe.ts";
import type { Standing } from "../standing.ts";

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
    standing: "our default",
    async run(context) {
      // $connect is one-way: the function has to note what it received.
      const client = await context.connect();
      const note = freshName();
      client.send(JSON.stringify({ action: "$connect", do: "note the event", note }));
      assert.partialDeepStrictEqual(await context.note(note), {
        requestContext: { routeKey: "$connect", eventType: "MESSAGE" },
      });
    },
  },
  {
    id: "array-as-action",
    standing: "documented",
    application: "bare",
    async run(context) {
      const client = await context.connect();
      const { requestContext } = await context.eventOf(client, '{"action":["a","b"]}');
      assert.equal(requestContext.routeKey, "[a, b]");
    },
  },
  {
    id: "no-route",
    standing: "recorded",
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
    standing: "our default",
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
  standing: Standing,
  messages: readonly string[],
  routeKey: string,
): Probe {
  return {
    id,
    standing,
    async run(context) {
      const client = await context.connect();
      for (const message of messages) {
        const { requestContext } = await context.eventOf(client, message);
        assert.equal(requestContext.routeKey, routeKey, message);
      }
    },
  };
}
