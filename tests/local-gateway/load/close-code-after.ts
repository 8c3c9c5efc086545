import { once } from "node:events";
import { connect } from "node:net";
import { upgradeRequest } from "../support/upgrade-request.ts";

/** A frame as a client may send it, whether it is allowed or not. */
export interface SentFrame {
  readonly fin: boolean;
  /** The three reserved bits. */
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** Less than 64 KB. */
  readonly payload: Uint8Array;
}

const CLOSE = 8;
const NORMAL: SentFrame = {
  fin: true,
  rsv: 0,
  opcode: CLOSE,
  masked: true,
  payload: Buffer.from([1000 >> 8, 1000 & 0xff]),
};
const MASK = [7, 11, 13, 17] as const;

/** Connects, sends frames and an ordinary close, and gives the code of the close that comes back; 1005 without one. */
export async function closeCodeAfter(
  port: number,
  path: string,
  frames: readonly SentFrame[],
): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(upgradeRequest(path));
  await once(socket, "data");
  socket.write(Buffer.concat([...frames, NORMAL].map(encode)));
  await once(socket, "close");
  const received = Buffer.concat(chunks);
  return closeCodeIn(received.subarray(received.indexOf("\r\n\r\n") + 4));
}

function encode({ fin, rsv, opcode, masked, payload }: SentFrame): Buffer {
  const { length } = payload;
  const long = length > 125;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const second = (masked ? 0x80 : 0) | (long ? 126 : length);
  const header = [first, second, ...(long ? [length >> 8, length & 0xff] : [])];
  return masked
    ? Buffer.from([
        ...header,
        ...MASK,
        ...payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0)),
      ])
    : Buffer.from([...header, ...payload]);
}

function closeCodeIn(frames: Buffer): number {
  let offset = 0;
  while (offset + 2 <= frames.length) {
    const short = frames.readUInt8(offset + 1);
    const start = offset + (short === 126 ? 4 : 2);
    const length = short === 126 ? frames.readUInt16BE(offset + 2) : short;
    if ((frames.readUInt8(offset) & 0x0f) === CLOSE) {
      return length < 2 ? 1005 : frames.readUInt16BE(start);
    }
    offset = start + length;
  }
  throw new Error("The gateway sent no close frame.");
}
