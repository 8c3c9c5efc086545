import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Probe } from "../probe.ts";
import type { Command } from "../probe-client.ts";
import type { ProbeContext } from "../probe-context.ts";
import { errorFrame } from "../received.ts";

const INTERNAL_SERVER_ERROR = "Internal server error";
const KB = 1024;

/** What a client receives from a two-way route. */
export const TWO_WAY_PROBES: readonly Probe[] = [
  {
    id: "two-way-body",
    confidence: "documented",
    async run(context) {
      const body = ' {"as":"it is"}\n😀';
      const client = await context.connect();
      client.ask("answer", { do: "return", result: { statusCode: 200, body } });
      assert.deepEqual(await client.receiveMessage(), { text: body, binary: false });
    },
  },
  {
    id: "two-way-other-status",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      for (const statusCode of [201, 301, 401, 500]) {
        client.ask("answer", { do: "return", result: { statusCode, body: "answered" } });
        assert.equal(await client.receive(), "answered");
      }
    },
  },
  {
    id: "two-way-no-body",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      client.ask("answer", { do: "return", result: { statusCode: 200 } });
      assert.equal(await client.receive(), "");
    },
  },
  {
    id: "surplus-member",
    confidence: "recorded",
    run: (context) =>
      fails(context, { do: "return", result: { statusCode: 200, body: "x", surplus: true } }),
  },
  {
    id: "wrong-type",
    confidence: "recorded",
    async run(context) {
      await fails(context, { do: "return", result: { statusCode: 200, body: { not: "text" } } });
      await fails(context, { do: "return", result: { statusCode: "two hundred", body: "x" } });
      await fails(context, { do: "return", result: { statusCode: 200, headers: "x", body: "x" } });
    },
  },
  {
    id: "no-result",
    confidence: "our default",
    async run(context) {
      await fails(context, { do: "return nothing" });
      await fails(context, { do: "return", result: null });
    },
  },
  {
    id: "two-way-throws",
    confidence: "recorded",
    run: (context) => fails(context, { do: "throw" }),
  },
  {
    id: "two-way-timeout",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      client.ask("hasty", { do: "sleep", milliseconds: 2000, note: randomUUID() });
      assert.match(await client.receive(), errorFrame("Endpoint request timed out", connectionId));
    },
  },
  {
    id: "function-runs-on",
    confidence: "recorded",
    async run(context) {
      const note = randomUUID();
      const client = await context.connect();
      client.ask("hasty", { do: "sleep", milliseconds: 2000, note });
      await client.receive();
      assert.equal(await context.note(note), "slept");
    },
  },
  {
    id: "failures-keep-the-connection",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      client.ask("answer", { do: "throw" });
      await client.receive();
      client.ask("answer", { do: "return", result: { surplus: true } });
      await client.receive();
      await context.eventOf(client, "still here");
    },
  },
  {
    id: "base64-answer",
    confidence: "our default",
    async run(context) {
      const result = { statusCode: 200, body: "aGVsbG8=", isBase64Encoded: true };
      const client = await context.connect();
      client.ask("answer", { do: "return", result });
      assert.deepEqual(await client.receiveMessage(), { text: "aGVsbG8=", binary: false });
    },
  },
  {
    id: "answer-of-128-kb",
    confidence: "documented",
    async run(context) {
      const client = await context.connect();
      client.ask("answer", { do: "return much", size: 128 * KB });
      const { length } = await client.receive();
      assert.equal(length, 128 * KB);
    },
  },
  {
    id: "answer-over-128-kb",
    confidence: "our default",
    run: (context) => fails(context, { do: "return much", size: 128 * KB + 1 }),
  },
];

async function fails(context: ProbeContext, command: Command): Promise<void> {
  const client = await context.connect();
  const connectionId = await context.connectionIdOf(client);
  client.ask("answer", command);
  assert.match(await client.receive(), errorFrame(INTERNAL_SERVER_ERROR, connectionId));
}
