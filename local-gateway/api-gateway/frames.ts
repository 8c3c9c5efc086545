import type { DisconnectCause } from "../observation.ts";
import { QUOTAS } from "./quotas.ts";

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
 * It only looks: the WebSocket library checks everything else of a frame.
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

const BINARY = 2;
const FIRST_CONTROL_OPCODE = 8;

/**
 * Watches the frames that a client sends for the two rules that the WebSocket library does not know: a frame of more
 * than 32 KB closes with 1009, a binary one with 1003, both as soon as their header is there. Messages that were
 * complete before still count, also those that the library has not inflated yet. Of a compressed frame the bytes on the
 * wire count: our own choice, AWS documents no unit. The only recorded reason is that of a frame that is too large.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html
 * @see https://github.com/anomalyco/sst/issues/305
 */
export class FrameLimit {
  readonly #reader = new FrameReader();
  #violation: DisconnectCause | undefined;
  /** Messages that are complete and that the library has not reported yet. */
  #complete = 0;

  /** Takes the client's bytes; must see each chunk before the library does. */
  read(chunk: Buffer): void {
    if (this.#violation) {
      return;
    }
    for (const { fin, opcode, length } of this.#reader.read(chunk)) {
      const data = opcode < FIRST_CONTROL_OPCODE;
      this.#violation = data ? violationOf(opcode, length) : undefined;
      if (this.#violation) {
        return;
      }
      if (data && fin) {
        this.#complete += 1;
      }
    }
  }

  /** How a rule was broken, as soon as the library has reported all messages that ended before. */
  get violation(): DisconnectCause | undefined {
    return this.#complete === 0 ? this.#violation : undefined;
  }

  /** To be asked once for each message that the library reports: whether it ended before a rule was broken. */
  acceptsMessage(): boolean {
    if (this.#complete === 0) {
      return false;
    }
    this.#complete -= 1;
    return true;
  }
}

function violationOf(opcode: number, length: number): DisconnectCause | undefined {
  if (opcode === BINARY) {
    const explanation = "a binary frame; API Gateway's WebSocket APIs take text only";
    return { code: 1003, reason: "", explanation };
  }
  if (length > QUOTAS.frameSize) {
    const size = length.toLocaleString("en");
    const explanation = `a frame of ${size} bytes; API Gateway accepts 32 KB per frame`;
    const reason = `Max frame length of ${QUOTAS.frameSize} has been exceeded.`;
    return { code: 1009, reason, explanation };
  }
  return;
}

/**
 * Why the WebSocket library ended a connection, from its error; undefined for an error of the network, which has no
 * close code of its own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
export function protocolViolation(error: Error): DisconnectCause | undefined {
  const name = "code" in error ? String(error.code) : "";
  switch (name) {
    case "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH":
      return violation(1009, "a message of more than 128 KB; API Gateway accepts 128 KB");
    case "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH":
      return violation(1009, "a frame longer than any message may be");
    case "WS_ERR_INVALID_UTF8":
      return violation(1007, "text that is not UTF-8");
    case "WS_ERR_TOO_MANY_BUFFERED_PARTS":
      return violation(1008, "a message in too many small frames");
    default:
      if (name.startsWith("Z_")) {
        return violation(1007, "compressed text that cannot be inflated");
      }
      return name.startsWith("WS_ERR_")
        ? violation(1002, `not the WebSocket protocol: ${error.message}`)
        : undefined;
  }
}

function violation(code: number, explanation: string): DisconnectCause {
  return { code, reason: "", explanation };
}
