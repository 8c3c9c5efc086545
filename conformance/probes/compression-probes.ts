import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";

const KB = 1024;
/** The reserved bit that marks a compressed message. */
const COMPRESSED = 4;
const BROWSERS_OFFER = "permessage-deflate; client_max_window_bits";

/** `permessage-deflate`. */
export const COMPRESSION_PROBES: readonly Probe[] = [
  {
    id: "compression-with-a-server-window",
    confidence: "recorded",
    async run(context) {
      const offer = "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12";
      assert.equal(await answerTo(context, offer), "permessage-deflate;server_max_window_bits=12");
    },
  },
  {
    id: "compression-as-browsers-offer-it",
    confidence: "our default",
    async run(context) {
      for (const parameters of [
        "; client_max_window_bits",
        "",
        "; client_max_window_bits=9",
        "; client_no_context_takeover",
        "; server_max_window_bits=15",
        "; mystery, permessage-deflate",
      ]) {
        const answer = await answerTo(context, `permessage-deflate${parameters}`);
        assert.equal(answer, "permessage-deflate");
      }
    },
  },
  {
    id: "compression-declined",
    confidence: "our default",
    async run(context) {
      for (const parameter of [
        "server_no_context_takeover",
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "mystery",
      ]) {
        assert.equal(await answerTo(context, `permessage-deflate; ${parameter}`), undefined);
      }
    },
  },
  {
    id: "compressed-message",
    confidence: "recorded",
    async run(context) {
      const client = await context.connect({ perMessageDeflate: true });
      assert.equal(client.webSocket.extensions, "permessage-deflate");
      for (const text of ["equal words ".repeat(100), "and once more equal words"]) {
        client.webSocket.send(text, { compress: true });
        const { body } = JSON.parse(await client.receive());
        assert.equal(body, text);
      }
    },
  },
  {
    id: "compressed-size",
    confidence: "our default",
    async run(context) {
      const client = await context.connect({ perMessageDeflate: true });
      const result = { statusCode: 200, body: "whole" };
      const command = JSON.stringify({ action: "answer", do: "return", result });
      client.webSocket.send(command.padEnd(128 * KB), { compress: true });
      assert.equal(await client.receive(), "whole");
      client.webSocket.send(command.padEnd(128 * KB + 1), { compress: true });
      const { code } = await client.end();
      assert.equal(code, 1009);
    },
  },
  {
    id: "text-that-cannot-be-inflated",
    confidence: "our default",
    async run(context) {
      const headers = { "Sec-WebSocket-Extensions": BROWSERS_OFFER };
      const connection = await context.connectRaw({ headers });
      connection.send({ reserved: COMPRESSED, payload: Buffer.from([0xff, 0xff, 0xff]) });
      assert.equal(await connection.closeCode(), 1007);
    },
  },
];

async function answerTo(context: ProbeContext, offer: string): Promise<string | undefined> {
  const headers = { "Sec-WebSocket-Extensions": offer };
  const { answer } = await context.connectRaw({ headers });
  return /^sec-websocket-extensions: *(.*)$/im.exec(answer)?.[1]?.trim();
}
