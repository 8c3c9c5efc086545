import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";

/** Well formed, and of no connection. */
const UNKNOWN_ID = "AAAAAAAAAAAAAAA=";

/** Connections that the management API cannot reach. */
export const GONE_PROBES: readonly Probe[] = [
  {
    id: "closed-connection",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      const connectionId = await context.connectionIdOf(client);
      client.webSocket.close();
      await client.end();
      await context.lifecycleEvent(connectionId, "DISCONNECT");
      for (const method of ["POST", "GET", "DELETE"]) {
        await isGone(context, method, connectionId);
      }
    },
  },
  {
    id: "unknown-connection",
    confidence: "recorded",
    async run(context) {
      for (const method of ["POST", "GET", "DELETE"]) {
        await isGone(context, method, UNKNOWN_ID);
      }
    },
  },
  {
    id: "connection-in-its-connect",
    confidence: "documented",
    async run(context) {
      const helper = await context.connect();
      const [note, mark] = [randomUUID(), randomUUID()];
      const connecting = context.connect({
        command: { do: "wait for a note", note },
        query: { mark },
      });
      connecting.catch(() => {});
      const { requestContext } = await context.lifecycleEvent(mark, "CONNECT");
      await isGone(context, "POST", requestContext.connectionId);
      helper.ask("answer", { do: "write", note, value: "go" });
      await connecting;
      const { status } = await context.manage("POST", requestContext.connectionId, "welcome");
      assert.equal(status, 200);
    },
  },
  {
    id: "malformed-connection-id",
    confidence: "recorded",
    async run(context) {
      const id = "WDGT8fY4joECJrQ=test";
      const { status, headers, body } = await context.manage("POST", id, "hello");
      assert.deepEqual(
        { status, error: headers["x-amzn-errortype"], body: JSON.parse(body) },
        {
          status: 400,
          error: "BadRequestException",
          body: { message: `Invalid connectionId: ${id}` },
        },
      );
    },
  },
  {
    id: "gone-in-the-sdk",
    confidence: "documented",
    async run({ endpoint }) {
      const { managementUrl, region, credentials } = endpoint;
      const client = new ApiGatewayManagementApiClient({
        endpoint: managementUrl,
        region,
        credentials,
        maxAttempts: 1,
      });
      try {
        const call = new PostToConnectionCommand({ ConnectionId: UNKNOWN_ID, Data: "hello" });
        await assert.rejects(client.send(call), GoneException);
      } finally {
        client.destroy();
      }
    },
  },
];

async function isGone(context: ProbeContext, method: string, connectionId: string) {
  const { status, headers, body } = await context.manage(method, connectionId, "");
  assert.deepEqual(
    { status, error: headers["x-amzn-errortype"], length: headers["content-length"], body },
    { status: 410, error: "GoneException", length: "0", body: "" },
  );
}
