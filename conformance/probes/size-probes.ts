import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";

const KB = 1024;
const TEXT = 1;
const CONTINUATION = 0;

/** What a client may send at once. */
export const SIZE_PROBES: readonly Probe[] = [
  {
    id: "frame-of-32-kb",
    confidence: "documented",
    async run(context) {
      const client = await context.connect();
      const { body = "" } = await context.eventOf(client, "x".repeat(32 * KB));
      assert.equal(body.length, 32 * KB);
    },
  },
  {
    id: "frame-over-32-kb",
    confidence: "documented",
    async run(context) {
      const client = await context.connect();
      client.send("x".repeat(32 * KB + 1));
      const { code } = await client.end();
      assert.equal(code, 1009);
    },
  },
  {
    id: "frame-over-32-kb-reason",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect();
      client.send("x".repeat(32 * KB + 1));
      const { reason } = await client.end();
      assert.equal(reason, "Max frame length of 32768 has been exceeded.");
    },
  },
  {
    id: "message-of-128-kb",
    confidence: "documented",
    async run(context) {
      // Its event would not fit into an answer: the function is asked for another one.
      const command = JSON.stringify({
        action: "answer",
        do: "return",
        result: { statusCode: 200, body: "whole" },
      });
      const client = await context.connect();
      sendInFrames(client.webSocket, command.padEnd(128 * KB));
      assert.equal(await client.receive(), "whole");
    },
  },
  {
    id: "message-over-128-kb",
    confidence: "documented",
    async run(context) {
      const client = await context.connect();
      sendInFrames(client.webSocket, "x".repeat(128 * KB + 1));
      const { code } = await client.end();
      assert.equal(code, 1009);
    },
  },
  {
    id: "binary-frame",
    confidence: "documented",
    async run(context) {
      const client = await context.connect();
      client.webSocket.send(Buffer.from("who am I?"));
      const { code } = await client.end();
      assert.equal(code, 1003);
      await assert.rejects(client.receiveMessage(0.1));
    },
  },
  {
    id: "text-that-is-not-utf-8",
    confidence: "our default",
    async run(context) {
      const connection = await context.connectRaw();
      connection.send({ payload: Buffer.from([0xc3, 0x28]) });
      assert.equal(await connection.closeCode(), 1007);
    },
  },
  {
    id: "frame-against-the-protocol",
    confidence: "our default",
    async run(context) {
      const unmasked = await context.connectRaw();
      unmasked.send({ payload: Buffer.from("unmasked") }, false);
      assert.equal(await unmasked.closeCode(), 1002);
      const stray = await context.connectRaw();
      stray.send({ opcode: CONTINUATION, payload: Buffer.from("of what?") });
      assert.equal(await stray.closeCode(), 1002);
      const reserved = await context.connectRaw();
      reserved.send({ opcode: TEXT, reserved: 4 });
      assert.equal(await reserved.closeCode(), 1002);
    },
  },
];

function sendInFrames(
  webSocket: { send(data: string, options: { fin: boolean }): void },
  text: string,
): void {
  for (let offset = 0; offset < text.length; offset += 32 * KB) {
    const fin = offset + 32 * KB >= text.length;
    webSocket.send(text.slice(offset, offset + 32 * KB), { fin });
  }
}
