/** The header of one WebSocket frame. */
export interface FrameHeader {
  /** Whether it is the last frame of its message. */
  readonly fin: boolean;
  readonly opcode: number;
  /** Bytes of payload. */
  readonly length: number;
}

const MASK_BIT = 0x80;
const MASK_BYTES = 4;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/**
 * Follows the frames of a byte stream and tells each header as soon as it is complete, before its payload has come.
 * Only looks: what is wrong with a frame otherwise is left to the WebSocket library.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export class FrameReader {
  /** Bytes of payload that are still to come before the next header. */
  #payloadBytes = 0;
  /** The beginning of a header whose rest is still to come. */
  #begun: Buffer | undefined;

  /** Takes the next bytes of the stream, cut anywhere, and returns the headers that they complete, in order. */
  read(chunk: Buffer): readonly FrameHeader[] {
    const headers: FrameHeader[] = [];
    const bytes = this.#begun === undefined ? chunk : Buffer.concat([this.#begun, chunk]);
    this.#begun = undefined;
    let offset = this.#payloadBytes;
    while (offset < bytes.length) {
      const end = offset + headerLength(bytes, offset);
      if (end > bytes.length) {
        // A copy, so that the rest of the chunk is not kept.
        this.#begun = Buffer.from(bytes.subarray(offset));
        offset = bytes.length;
      } else {
        const header = readHeader(bytes, offset);
        headers.push(header);
        offset = end + header.length;
      }
    }
    this.#payloadBytes = offset - bytes.length;
    return headers;
  }
}

/** At least 2, after which alone it is known. */
function headerLength(bytes: Buffer, offset: number): number {
  const second = bytes[offset + 1] ?? 0;
  const length = second & ~MASK_BIT;
  const extended = length === LENGTH_IN_8_BYTES ? 8 : length === LENGTH_IN_2_BYTES ? 2 : 0;
  return 2 + extended + (second & MASK_BIT ? MASK_BYTES : 0);
}

function readHeader(bytes: Buffer, offset: number): FrameHeader {
  const first = bytes[offset] ?? 0;
  const short = (bytes[offset + 1] ?? 0) & ~MASK_BIT;
  const length =
    short === LENGTH_IN_8_BYTES
      ? Number(bytes.readBigUInt64BE(offset + 2))
      : short === LENGTH_IN_2_BYTES
        ? bytes.readUInt16BE(offset + 2)
        : short;
  return { fin: (first & 0x80) !== 0, opcode: first & 0x0f, length };
}
