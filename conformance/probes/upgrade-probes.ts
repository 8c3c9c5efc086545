import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";

/** The upgrade, before its function runs and apart from what the function returns. */
export const UPGRADE_PROBES: readonly Probe[] = [
  {
    id: "upgrade-waits-for-connect",
    confidence: "documented",
    async run(context) {
      const helper = await context.connect();
      const [note, mark] = [randomUUID(), randomUUID()];
      let open = false;
      const connecting = context
        .connect({ command: { do: "wait for a note", note }, query: { mark } })
        .then(() => {
          open = true;
        });
      connecting.catch(() => {});
      await context.lifecycleEvent(mark, "CONNECT");
      assert.equal(open, false);
      helper.ask("answer", { do: "write", note, value: "go" });
      await connecting;
    },
  },
  {
    id: "no-connect-route",
    confidence: "documented",
    application: "bare",
    async run(context) {
      await context.connect();
    },
  },
  {
    id: "plain-get",
    confidence: "our default",
    async run(context) {
      const { status } = await get(context, {});
      assert.equal(status, 426);
    },
  },
  {
    id: "plain-get-below-the-stage",
    confidence: "recorded",
    async run(context) {
      for (const below of ["/1", "/1/2"]) {
        const { status } = await get(context, {}, below);
        assert.equal(status, 426);
      }
    },
  },
  {
    id: "unknown-stage",
    confidence: "our default",
    async run(context) {
      const { status } = await context.rejection({ path: "/no-such-stage" });
      assert.equal(status, 403);
    },
  },
  {
    id: "slash-after-the-stage",
    confidence: "our default",
    async run(context) {
      await context.connect({ path: `${new URL(context.endpoint.url).pathname}/` });
    },
  },
  {
    id: "handshake-against-the-protocol",
    confidence: "our default",
    async run(context) {
      const wellFormed = {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "q0m1kq3D4yYl1nQx0xv3Zg==",
      };
      for (const wrong of [{ "Sec-WebSocket-Version": "12" }, { "Sec-WebSocket-Key": "short" }]) {
        const { status } = await get(context, { ...wellFormed, ...wrong });
        assert.equal(status, 400);
      }
    },
  },
  {
    id: "any-origin",
    confidence: "documented",
    async run(context) {
      await context.connect({ origin: "https://anyone.example" });
    },
  },
  {
    id: "subprotocol-chosen",
    confidence: "documented",
    async run(context) {
      const headers = { "Sec-WebSocket-Protocol": "chat.v1" };
      const { webSocket } = await context.connect({
        protocols: ["chat.v2", "chat.v1"],
        command: { do: "return", result: { statusCode: 200, headers } },
      });
      assert.equal(webSocket.protocol, "chat.v1");
    },
  },
  {
    id: "subprotocol-not-chosen",
    confidence: "documented",
    async run(context) {
      const headers = { "Sec-WebSocket-Protocol": "chat.v1" };
      const connection = await context.connectRaw({ headers });
      assert.doesNotMatch(connection.answer, /sec-websocket-protocol/i);
    },
  },
];

/** Asks for the path on which clients connect, or for one below it. */
async function get(context: ProbeContext, headers: Readonly<Record<string, string>>, below = "") {
  const { url } = context.endpoint;
  const path = `${new URL(url).pathname}${below}`;
  const origin = url.replace(/^ws/, "http");
  return await context.send({ method: "GET", origin, path, headers, body: Buffer.alloc(0) });
}
