import assert from "node:assert/strict";
import { once } from "node:events";
import type { Probe } from "../probe.ts";
import { idleCloseSeconds, nearlyIdle } from "../probe-client.ts";

const CLOSE = 8;

/** Control frames, which the gateway keeps to itself. */
export const CONTROL_FRAME_PROBES: readonly Probe[] = [
  {
    id: "ping-is-answered",
    confidence: "recorded",
    async run(context) {
      const { webSocket } = await context.connect();
      const signal = AbortSignal.timeout(context.endpoint.timeout * 1000);
      const pong = once(webSocket, "pong", { signal });
      webSocket.ping("are you there?");
      const [payload] = await pong;
      assert.equal(String(payload), "are you there?");
    },
  },
  {
    id: "control-frames-reach-no-function",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      client.webSocket.ping("ping");
      client.webSocket.pong("pong");
      // $default is two-way: an invocation would be answered.
      client.ask("answer", { do: "return", result: { statusCode: 200, body: "the only answer" } });
      assert.equal(await client.receive(), "the only answer");
      await assert.rejects(client.receiveMessage(0.3));
    },
  },
  {
    id: "ping-between-frames",
    confidence: "our default",
    async run(context) {
      const connection = await context.connectRaw();
      connection.send({ fin: false, payload: Buffer.from('{"action":"answer","do":"return",') });
      connection.send({ opcode: 9, payload: Buffer.from("ping") });
      const pong = await connection.receive();
      assert.deepEqual([pong.opcode, pong.payload.toString()], [10, "ping"]);
      const rest = '"result":{"statusCode":200,"body":"whole"}}';
      connection.send({ opcode: 0, payload: Buffer.from(rest) });
      const answer = await connection.receive();
      assert.equal(answer.payload.toString(), "whole");
    },
  },
  {
    id: "close-is-answered",
    confidence: "our default",
    async run(context) {
      const connection = await context.connectRaw();
      const code = Buffer.from([4000 >> 8, 4000 & 255]);
      connection.send({ opcode: CLOSE, payload: Buffer.concat([code, Buffer.from("enough")]) });
      assert.equal(await connection.closeCode(), 4000);
    },
  },
  {
    id: "ping-does-not-reset-idle",
    confidence: "our default",
    application: "idle",
    slow: "takes ten minutes",
    async run(context) {
      const client = await context.connect();
      await nearlyIdle(context.endpoint);
      client.webSocket.ping();
      const seconds = await idleCloseSeconds(context.endpoint, client);
      assert.ok(seconds < context.endpoint.idleTimeout * 0.8, `${seconds} s after the ping`);
    },
  },
  {
    id: "no-pings-from-the-gateway",
    confidence: "recorded",
    application: "idle",
    slow: "takes ten minutes",
    async run(context) {
      const client = await context.connect();
      let pings = 0;
      client.webSocket.on("ping", () => {
        pings += 1;
      });
      await idleCloseSeconds(context.endpoint, client);
      assert.equal(pings, 0);
    },
  },
];
