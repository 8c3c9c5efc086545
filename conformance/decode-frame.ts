import type { Frame } from "./frame.ts";

/** A frame and how many bytes it took. */
interface Decoded {
  readonly frame: Frame;
  readonly size: number;
}

/**
 * Reads the frame at the start of what a gateway sent; undefined while it is not complete.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function decodeFrame(bytes: Buffer): Decoded | undefined {
  const [first = 0, second = 0] = bytes;
  const start = second === 127 ? 10 : second === 126 ? 4 : 2;
  if (bytes.length < start) {
    return;
  }
  const length =
    second === 127
      ? Number(bytes.readBigUInt64BE(2))
      : second === 126
        ? bytes.readUInt16BE(2)
        : second;
  const size = start + length;
  if (bytes.length < size) {
    return;
  }
  const frame = {
    fin: (first & 0x80) !== 0,
    reserved: (first >> 4) & 7,
    opcode: first & 15,
    payload: bytes.subarray(start, size),
  };
  return { frame, size };
}
