import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";
import { errorFrame } from "../received.ts";

const INTERNAL_SERVER_ERROR = "Internal server error";

/** What a client receives from a one-way route. */
export const ONE_WAY_PROBES: readonly Probe[] = [
  {
    id: "one-way-body",
    confidence: "documented",
    run: (context) => staysSilent(context, "oneway", [200]),
  },
  {
    id: "one-way-other-status",
    confidence: "recorded",
    run: (context) => staysSilent(context, "oneway", [201, 301, 401, 501]),
  },
  {
    id: "half-of-a-route-response",
    confidence: "our default",
    run: (context) => staysSilent(context, "half", [200]),
  },
  {
    id: "one-way-throws",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      client.ask("oneway", { do: "throw" });
      assert.match(await client.receive(), errorFrame(INTERNAL_SERVER_ERROR, connectionId));
    },
  },
  {
    id: "one-way-malformed-result",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      client.ask("oneway", { do: "return", result: { statusCode: 200, surplus: true } });
      assert.match(await client.receive(), errorFrame(INTERNAL_SERVER_ERROR, connectionId));
    },
  },
  {
    id: "one-way-timeout",
    confidence: "our default",
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      client.ask("hastyoneway", { do: "sleep", milliseconds: 2000, note: randomUUID() });
      assert.match(await client.receive(), errorFrame("Endpoint request timed out", connectionId));
    },
  },
];

/**
 * The function posts a text and then returns another: only the first one comes, before the answer to a later message.
 */
async function staysSilent(
  context: ProbeContext,
  action: string,
  statusCodes: readonly number[],
): Promise<void> {
  const client = await context.connect();
  for (const statusCode of statusCodes) {
    client.ask(action, { do: "post", data: "posted", result: { statusCode, body: "returned" } });
    assert.equal(await client.receive(), "posted");
    client.ask("answer", { do: "return", result: { statusCode: 200, body: "later" } });
    assert.equal(await client.receive(), "later");
  }
}
