import assert from "node:assert/strict";
import type { Confidence, Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";
import { sortedKeys } from "../received.ts";

const application = "authorizer";

/** A Lambda authorizer in front of `$connect`. */
export const AUTHORIZER_PROBES: readonly Probe[] = [
  rejects("identity-source-missing", "documented", {}, 401),
  rejects("identity-source-empty", "documented", { verdict: "" }, 401),
  rejects("authorizer-says-unauthorized", "documented", { verdict: "unauthorized" }, 401),
  rejects("authorizer-denies", "recorded", { verdict: "deny" }, 403),
  rejects("authorizer-crashes", "recorded", { verdict: "crash" }, 500),
  rejects("authorizer-returns-no-policy", "recorded", { verdict: "nonsense" }, 500),
  {
    id: "authorizer-event",
    confidence: "documented",
    application,
    async run(context) {
      const { event } = await authorizerBlock(context);
      const seen = JSON.parse(String(event));
      assert.deepEqual(sortedKeys(seen), [
        "headers",
        "methodArn",
        "multiValueHeaders",
        "multiValueQueryStringParameters",
        "queryStringParameters",
        "requestContext",
        "stageVariables",
        "type",
      ]);
      const { apiId, stage } = seen.requestContext;
      assert.equal(seen.type, "REQUEST");
      assert.match(
        seen.methodArn,
        new RegExp(`^arn:aws[a-z-]*:execute-api:[a-z0-9-]+:\\d{12}:${apiId}/${stage}/\\$connect$`),
      );
      assert.deepEqual(seen.queryStringParameters, { verdict: "allow" });
      assert.deepEqual(seen.stageVariables, { colour: "blue" });
    },
  },
  {
    id: "authorizer-event-headers",
    confidence: "recorded",
    application,
    async run(context) {
      const { event } = await authorizerBlock(context);
      const names = sortedKeys(JSON.parse(String(event)).headers).map((name) => name.toLowerCase());
      const found = names.filter((name) => /^(connection|upgrade)$/.test(name));
      assert.deepEqual(found, ["connection", "upgrade"]);
    },
  },
  {
    id: "authorizer-context",
    confidence: "documented",
    application,
    async run(context) {
      const { principalId, number, boolean } = await authorizerBlock(context);
      assert.deepEqual(
        { principalId, number, boolean },
        { principalId: "alice", number: "7", boolean: "true" },
      );
    },
  },
  {
    id: "authorizer-context-in-every-event",
    confidence: "recorded",
    application,
    async run(context) {
      const client = await context.connect({ query: { verdict: "allow" } });
      const { requestContext } = await context.eventOf(client, "hello");
      client.webSocket.close();
      for (const eventType of ["CONNECT", "DISCONNECT"] as const) {
        const event = await context.lifecycleEvent(requestContext.connectionId, eventType);
        assert.equal(event.requestContext.authorizer?.run, requestContext.authorizer?.run);
      }
    },
  },
  {
    id: "stage-variables",
    confidence: "our default",
    application,
    async run(context) {
      const client = await context.connect({ query: { verdict: "allow" } });
      const message = await context.eventOf(client, "hello");
      const { connectionId } = message.requestContext;
      client.webSocket.close();
      const connect = await context.lifecycleEvent(connectionId, "CONNECT");
      const disconnect = await context.lifecycleEvent(connectionId, "DISCONNECT");
      for (const event of [connect, message, disconnect]) {
        assert.partialDeepStrictEqual(event, { stageVariables: { colour: "blue" } });
      }
    },
  },
  {
    id: "authorizer-runs-every-time",
    confidence: "documented",
    application,
    async run(context) {
      const { run } = await authorizerBlock(context);
      const { run: another } = await authorizerBlock(context);
      assert.notEqual(run, another);
    },
  },
];

function rejects(
  id: string,
  confidence: Confidence,
  query: Readonly<Record<string, string>>,
  expected: number,
): Probe {
  return {
    id,
    confidence,
    application,
    async run(context) {
      const { status } = await context.rejection({ query });
      assert.equal(status, expected);
    },
  };
}

async function authorizerBlock(context: ProbeContext): Promise<Readonly<Record<string, unknown>>> {
  const client = await context.connect({ query: { verdict: "allow" } });
  const { requestContext } = await context.eventOf(client, "hello");
  return requestContext.authorizer ?? {};
}
