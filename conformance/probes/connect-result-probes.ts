import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Probe } from "../probe.ts";

/** How the result of `$connect` becomes the answer to the upgrade. */
export const CONNECT_RESULT_PROBES: readonly Probe[] = [
  {
    id: "connect-2xx",
    confidence: "recorded",
    async run(context) {
      for (const statusCode of [200, 201]) {
        await context.connect({ command: { do: "return", result: { statusCode } } });
      }
    },
  },
  {
    id: "connect-other-status",
    confidence: "recorded",
    async run(context) {
      for (const statusCode of [301, 400, 401, 403, 501]) {
        const { status } = await context.rejection({
          command: { do: "return", result: { statusCode } },
        });
        assert.equal(status, statusCode);
      }
    },
  },
  {
    id: "connect-1xx",
    confidence: "our default",
    async run(context) {
      const { status } = await context.rejection({
        command: { do: "return", result: { statusCode: 101 } },
      });
      assert.equal(status, 502);
    },
  },
  {
    id: "connect-throws",
    confidence: "recorded",
    async run(context) {
      const { status } = await context.rejection({ command: { do: "throw" } });
      assert.equal(status, 502);
    },
  },
  {
    id: "connect-malformed-result",
    confidence: "our default",
    async run(context) {
      for (const result of [{}, { statusCode: 200, surplus: true }, "200"]) {
        const { status } = await context.rejection({ command: { do: "return", result } });
        assert.equal(status, 502);
      }
    },
  },
  {
    id: "connect-timeout",
    confidence: "our default",
    async run(context) {
      const command = { do: "sleep", milliseconds: 7000, note: randomUUID() } as const;
      const { status } = await context.rejection({ command });
      assert.equal(status, 504);
    },
  },
  {
    id: "rejection-body",
    confidence: "our default",
    async run(context) {
      const { body } = await context.rejection({
        command: { do: "return", result: { statusCode: 403, body: "the function's own words" } },
      });
      const { message, connectionId, requestId, ...others } = JSON.parse(body);
      assert.equal(message, "Forbidden");
      assert.match(connectionId, /^[\w-]{15}=$/);
      assert.match(requestId, /^[\w-]{15}=$/);
      assert.deepEqual(others, {});
    },
  },
  {
    id: "connect-body-is-not-delivered",
    confidence: "documented",
    async run(context) {
      const client = await context.connect({
        command: { do: "return", result: { statusCode: 200, body: "welcome" } },
      });
      assert.equal(
        await client.answer({ do: "return", result: { statusCode: 200, body: "1" } }),
        1,
      );
    },
  },
  {
    id: "connect-headers-are-not-delivered",
    confidence: "our default",
    async run(context) {
      const headers = { "Set-Cookie": "a=b", "X-Probe": "here" };
      const connection = await context.connectRaw({
        command: { do: "return", result: { statusCode: 200, headers } },
      });
      assert.doesNotMatch(connection.answer, /set-cookie|x-probe/i);
    },
  },
];
