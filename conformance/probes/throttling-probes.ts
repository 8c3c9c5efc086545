import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";
import { errorFrame } from "../received.ts";

const application = "throttled";

/** Far above the stage's burst of two: AWS calls its throttling a best effort. */
const ATTEMPTS = 30;
const MANY = 1000;

/** A stage that accepts one request a second, and two at once. */
export const THROTTLING_PROBES: readonly Probe[] = [
  {
    id: "throttled-connect",
    confidence: "recorded",
    application,
    async run(context) {
      const results = await Promise.allSettled(
        Array.from({ length: ATTEMPTS }, () => context.rejection()),
      );
      const answers = results.filter((result) => result.status === "fulfilled");
      const statuses = new Set(answers.map(({ value }) => value.status));
      assert.deepEqual([...statuses], [429]);
    },
  },
  {
    id: "throttled-message",
    confidence: "our default",
    application,
    async run(context) {
      const client = await connectAtLast(context);
      const answers = [];
      for (let count = 0; count < ATTEMPTS; count += 1) {
        client.send("who am I?");
        answers.push(await client.receive());
      }
      const [event, ...rejections] = [
        answers.find((text) => text.includes("requestContext")) ?? "{}",
        ...answers.filter((text) => !text.includes("requestContext")),
      ];
      const { connectionId } = JSON.parse(event).requestContext;
      assert.match(rejections[0] ?? "", errorFrame("Too Many Requests", connectionId));
    },
  },
  {
    id: "throttled-for-long",
    confidence: "our default",
    application,
    async run(context) {
      const client = await connectAtLast(context);
      for (let count = 0; count < MANY; count += 1) {
        client.send("who am I?");
      }
      const { code } = await client.end();
      assert.equal(code, 1008);
    },
  },
];

/** Opens a connection as soon as the stage accepts another one. */
async function connectAtLast(context: ProbeContext) {
  const deadline = performance.now() + context.endpoint.timeout * 1000;
  for (;;) {
    try {
      return await context.connect();
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
    }
  }
}
