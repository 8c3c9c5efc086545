import type { Frame } from "./frame.ts";

const MASK = Buffer.from([1, 2, 3, 4]);

/**
 * A frame as a client sends it, masked unless told otherwise.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function encodeFrame({ fin, reserved, opcode, payload }: Frame, masked = true): Buffer {
  const { length } = payload;
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const maskBit = masked ? 0x80 : 0;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = first;
  if (header.length === 2) {
    header[1] = maskBit | length;
  } else if (header.length === 4) {
    header[1] = maskBit | 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = maskBit | 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  if (!masked) {
    return Buffer.concat([header, payload]);
  }
  const covered = payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0));
  return Buffer.concat([header, MASK, covered]);
}
