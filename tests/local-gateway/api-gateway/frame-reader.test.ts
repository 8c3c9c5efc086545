import fc from "fast-check";
import { type FrameHeader, FrameReader } from "../../../local-gateway/api-gateway/frames.ts";

/** Any frame header, its length in the shortest of the three encodings. */
const HEADER = fc.record({
  fin: fc.boolean(),
  opcode: fc.nat(15),
  length: fc.oneof(fc.nat(130), fc.nat(70_000)),
});

function encode({ fin, opcode, length }: FrameHeader, masked: boolean): Buffer {
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const extended = Buffer.alloc(short === 127 ? 8 : short === 126 ? 2 : 0);
  if (extended.length === 8) {
    extended.writeBigUInt64BE(BigInt(length));
  } else if (extended.length === 2) {
    extended.writeUInt16BE(length);
  }
  const start = Buffer.from([(fin ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | short]);
  return Buffer.concat([start, extended, Buffer.alloc((masked ? 4 : 0) + length, 0x81)]);
}

test("every frame is reported in order, wherever the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(HEADER, { maxLength: 5 }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1 }),
      (headers, masked, cuts) => {
        const stream = Buffer.concat(headers.map((header) => encode(header, masked)));
        const reported: FrameHeader[] = [];
        const reader = new FrameReader();
        for (let offset = 0, index = 0; offset < stream.length; index++) {
          const size = cuts[index % cuts.length] ?? 1;
          reported.push(...reader.read(stream.subarray(offset, offset + size)));
          offset += size;
        }
        expect(reported).toEqual(headers);
      },
    ),
  );
});

test("a header is reported before its payload has come", () => {
  const reader = new FrameReader();
  const frame = encode({ fin: true, opcode: 1, length: 200 }, true);
  expect(reader.read(frame.subarray(0, 7))).toEqual([]);
  expect(reader.read(frame.subarray(7, 8))).toEqual([{ fin: true, opcode: 1, length: 200 }]);
});
