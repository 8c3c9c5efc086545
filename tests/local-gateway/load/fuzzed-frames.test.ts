import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { closeCodeAfter, type SentFrame } from "./close-code-after.ts";

const ECHO = {
  routes: { $default: { twoWay: true } },
  answer: ({ body }: { body?: string }) => returns({ statusCode: 200, body }),
};

const CONTROL = 8;
const MAX_CONTROL = 125;

/**
 * The code that the gateway closes with after one frame and an ordinary close with 1000; 1005 for none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
 */
function expectedCode({ fin, rsv, opcode, masked, payload }: SentFrame): number {
  const isData = opcode <= 2;
  if (rsv !== 0 || !masked || opcode === 0 || (opcode > 2 && opcode < 8) || opcode > 10) {
    return 1002;
  }
  if (!isData && (!fin || payload.length > MAX_CONTROL)) {
    return 1002;
  }
  if (opcode === 2) {
    return 1003;
  }
  if (opcode === CONTROL) {
    return closeCode(payload);
  }
  return opcode === 1 && fin && !isUtf8(payload) ? 1007 : 1000;
}

function closeCode(payload: Uint8Array): number {
  if (payload.length === 0) {
    return 1005;
  }
  const code = payload.length === 1 ? 0 : Buffer.from(payload).readUInt16BE();
  const known = code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
  if (!known && !(code >= 3000 && code <= 4999)) {
    return 1002;
  }
  return isUtf8(payload.subarray(2)) ? code : 1007;
}

const frames = fc.record({
  fin: fc.boolean(),
  rsv: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 7 })),
  opcode: fc.integer({ min: 0, max: 15 }),
  masked: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => Buffer.from(text)),
    fc.integer({ min: 0, max: 5100 }).map((code) => Buffer.from([code >> 8, code & 0xff])),
  ),
});

test("any frame is accepted or closed with the right code, and harms no other client", async () => {
  await using gateway = await startGateway(ECHO);
  const bystander = await wsConnect(gateway.url);
  await fc.assert(
    fc.asyncProperty(frames, async (frame) => {
      const code = await closeCodeAfter(gateway.port, "/live", [frame]);
      const expected = expectedCode(frame);
      // What else is wrong with a binary frame, or the close behind it in the same packet, may be answered first.
      const isBinary = frame.opcode === 2;
      expect(isBinary ? [1003, expected, 1000] : [expected]).toContain(code);
    }),
    { numRuns: 1000 },
  );
  bystander.send("still here");
  expect(await bystander.messages.take()).toBe("still here");
}, 30_000);

test("any sequence of frames ends with a code that API Gateway knows, and harms no other client", async () => {
  await using gateway = await startGateway(ECHO);
  const bystander = await wsConnect(gateway.url);
  await fc.assert(
    fc.asyncProperty(fc.array(frames, { minLength: 2, maxLength: 12 }), async (sequence) => {
      const own = sequence.map(({ payload }) => closeCode(payload));
      const code = await closeCodeAfter(gateway.port, "/live", sequence);
      expect([1000, 1002, 1003, 1005, 1007, ...own]).toContain(code);
    }),
    { numRuns: 300 },
  );
  bystander.send("still here");
  expect(await bystander.messages.take()).toBe("still here");
}, 30_000);
