import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Probe } from "../probe.ts";

/** How often, and in what order, functions are called. */
export const INVOCATION_PROBES: readonly Probe[] = [
  {
    id: "no-retry",
    confidence: "documented",
    async run(context) {
      const note = randomUUID();
      const client = await context.connect();
      client.ask("answer", { do: "count and throw", note });
      await client.receive();
      assert.equal(await client.answer({ do: "count", note }), 2);
    },
  },
  {
    id: "messages-run-concurrently",
    confidence: "documented",
    async run(context) {
      const note = randomUUID();
      const client = await context.connect();
      const first = { statusCode: 200, body: "first" };
      client.ask("answer", { do: "wait for a note", note, result: first });
      client.ask("oneway", { do: "write", note, value: "the second message" });
      assert.equal(await client.receive(), "first");
    },
  },
  {
    id: "answers-in-any-order",
    confidence: "documented",
    async run(context) {
      const note = randomUUID();
      const client = await context.connect();
      const first = { statusCode: 200, body: "first" };
      client.ask("answer", { do: "wait for a note", note, result: first });
      client.ask("answer", { do: "return", result: { statusCode: 200, body: "second" } });
      assert.equal(await client.receive(), "second");
      client.ask("oneway", { do: "write", note, value: "go" });
      assert.equal(await client.receive(), "first");
    },
  },
  {
    id: "post-before-answer",
    confidence: "our default",
    async run(context) {
      const client = await context.connect();
      const result = { statusCode: 200, body: "the answer" };
      client.ask("answer", { do: "post", data: "the post", result });
      assert.equal(await client.receive(), "the post");
      assert.equal(await client.receive(), "the answer");
    },
  },
];
