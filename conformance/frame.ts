/** One WebSocket frame, without its mask. */
export interface Frame {
  /** Whether it is the last of its message. */
  readonly fin: boolean;
  /** The three bits that extensions use. */
  readonly reserved: number;
  readonly opcode: number;
  readonly payload: Buffer;
}

const MASK = Buffer.from([1, 2, 3, 4]);

/**
 * A frame as a client sends it, masked by default.
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
