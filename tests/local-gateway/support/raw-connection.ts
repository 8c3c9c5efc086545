import { connect, type Socket } from "node:net";
import { type FrameHeader, FrameReader } from "../../../local-gateway/api-gateway/frames.ts";
import { Inbox } from "./inbox.ts";
import { upgradeRequest } from "./upgrade-request.ts";

/** A WebSocket of which a test sees every byte and every frame. */
export interface RawConnection {
  readonly socket: Socket;
  /** The answer to the upgrade request, up to its empty line. */
  readonly answer: string;
  readonly frames: Inbox<FrameHeader>;
}

/** Opens a WebSocket on a bare socket. Rejects when the other side ends before its answer is complete. */
export async function rawConnection(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawConnection> {
  const frames = new Inbox<FrameHeader>();
  const reader = new FrameReader();
  const read = (chunk: Buffer) => {
    for (const header of reader.read(chunk)) {
      frames.put(header);
    }
  };
  const socket = connect(port, "127.0.0.1");
  const answer = await new Promise<string>((resolve, reject) => {
    let received = "";
    const onData = (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const end = received.indexOf("\r\n\r\n");
      if (end !== -1) {
        socket.off("data", onData);
        socket.on("data", read);
        read(Buffer.from(received.slice(end + 4), "latin1"));
        resolve(received.slice(0, end));
      }
    };
    socket.on("data", onData);
    socket.once("error", reject);
    socket.once("end", () => reject(new Error(`Ended after ${JSON.stringify(received)}`)));
    socket.write(upgradeRequest(path, headers));
  });
  return { socket, answer, frames };
}
