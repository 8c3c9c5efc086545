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
 * Follows the frames of a byte stream and reports each header as soon as it is complete, before its payload has come.
 * Only looks: what is wrong with a frame otherwise is left to the WebSocket library.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export class FrameReader {
  readonly #onHeader: (header: FrameHeader) => void;
  readonly #header = Buffer.alloc(14);
  #headerBytes = 0;
  #payloadBytes = 0;

  constructor(onHeader: (header: FrameHeader) => void) {
    this.#onHeader = onHeader;
  }

  /** Takes the next bytes of the stream, cut anywhere. */
  read(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#payloadBytes > 0) {
        const skipped = Math.min(this.#payloadBytes, chunk.length - offset);
        this.#payloadBytes -= skipped;
        offset += skipped;
      } else {
        this.#header[this.#headerBytes++] = chunk[offset++] ?? 0;
        if (this.#headerBytes === this.#headerLength()) {
          this.#completeHeader();
        }
      }
    }
  }

  #headerLength(): number {
    const [, second = 0] = this.#header;
    if (this.#headerBytes < 2) {
      return 2;
    }
    const length = second & ~MASK_BIT;
    const extended = length === LENGTH_IN_8_BYTES ? 8 : length === LENGTH_IN_2_BYTES ? 2 : 0;
    return 2 + extended + (second & MASK_BIT ? MASK_BYTES : 0);
  }

  #completeHeader(): void {
    const [first = 0, second = 0] = this.#header;
    const short = second & ~MASK_BIT;
    const length =
      short === LENGTH_IN_8_BYTES
        ? Number(this.#header.readBigUInt64BE(2))
        : short === LENGTH_IN_2_BYTES
          ? this.#header.readUInt16BE(2)
          : short;
    this.#headerBytes = 0;
    this.#payloadBytes = length;
    this.#onHeader({ fin: (first & 0x80) !== 0, opcode: first & 0x0f, length });
  }
}
