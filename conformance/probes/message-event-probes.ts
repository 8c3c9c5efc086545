import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import { contextMembers, sortedKeys } from "../received.ts";

/** The event of a message. */
export const MESSAGE_EVENT_PROBES: readonly Probe[] = [
  {
    id: "message-event-members",
    confidence: "recorded",
    async run(context) {
      const event = await context.eventOf(await context.connect(), "hello");
      assert.deepEqual(sortedKeys(event), ["body", "isBase64Encoded", "requestContext"]);
      assert.equal(event.isBase64Encoded, false);
    },
  },
  {
    id: "message-event-context",
    confidence: "recorded",
    async run(context) {
      const { requestContext } = await context.eventOf(await context.connect(), "hello");
      assert.deepEqual(sortedKeys(requestContext), contextMembers("messageId"));
      const { routeKey, eventType } = requestContext;
      assert.deepEqual({ routeKey, eventType }, { routeKey: "$default", eventType: "MESSAGE" });
    },
  },
  {
    id: "message-event-body",
    confidence: "recorded",
    async run(context) {
      const text = ' { "b" : 1,\t"a":"\\u00e4 ä 😀"}\r\n';
      const { body } = await context.eventOf(await context.connect(), text);
      assert.equal(body, text);
    },
  },
  {
    id: "empty-message-event",
    confidence: "our default",
    async run(context) {
      const { body } = await context.eventOf(await context.connect(), "");
      assert.equal(body, "");
    },
  },
];
