import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { decodeFrame, encodeFrame, type Frame } from "./frame.ts";
import { inTime, Queue } from "./waiting.ts";

const END_OF_HEADERS = "\r\n\r\n";

/** A WebSocket without a library: what is sent may break any rule, and every frame that comes can be seen. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #timeout: number;
  readonly #frames = new Queue<Frame>();
  #bytes: Buffer = Buffer.alloc(0);
  #answer = "";

  private constructor(socket: Socket, timeout: number) {
    this.#socket = socket;
    this.#timeout = timeout;
  }

  /** Connects. Rejects when the upgrade is rejected, or not answered within `timeout` seconds. */
  static async open(
    { protocol, hostname, port, host, pathname, search }: URL,
    headers: Readonly<Record<string, string>>,
    timeout: number,
  ): Promise<RawConnection> {
    const socket =
      protocol === "wss:"
        ? connectTls({ host: hostname, port: Number(port || 443), servername: hostname })
        : connectTcp({ host: hostname, port: Number(port || 80) });
    socket.on("error", () => {});
    const connection = new RawConnection(socket, timeout);
    const lines = [
      `GET ${pathname}${search} HTTP/1.1`,
      `Host: ${host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: q0m1kq3D4yYl1nQx0xv3Zg==",
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    socket.write(`${lines.join("\r\n")}${END_OF_HEADERS}`);
    try {
      await inTime(connection.#answered(), timeout, "an answer to the upgrade");
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return connection;
  }

  /** The answer to the upgrade, without its empty line. */
  get answer(): string {
    return this.#answer;
  }

  /** Sends one frame; a whole masked text unless it says otherwise. */
  send(frame: Partial<Frame>, masked = true): void {
    const whole = { fin: true, reserved: 0, opcode: 1, payload: Buffer.alloc(0), ...frame };
    this.#socket.write(encodeFrame(whole, masked));
  }

  async receive(): Promise<Frame> {
    return await inTime(this.#frames.take(), this.#timeout, "a frame");
  }

  /** The code in the next frame, which has to be a close; 1005 when it has none. */
  async closeCode(): Promise<number> {
    const { opcode, payload } = await this.receive();
    if (opcode !== 8) {
      throw new Error(`a frame with opcode ${opcode} came instead of a close`);
    }
    return payload.length < 2 ? 1005 : payload.readUInt16BE();
  }

  /** Stops reading, so that what comes piles up at the other side. */
  pause(): void {
    this.#socket.pause();
  }

  /** Ends without a word of the protocol. */
  destroy(): void {
    this.#socket.destroy();
  }

  async #answered(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.on("data", (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      const end = this.#bytes.indexOf(END_OF_HEADERS);
      if (this.#answer === "" && end !== -1) {
        this.#answer = this.#bytes.toString("latin1", 0, end);
        this.#bytes = this.#bytes.subarray(end + END_OF_HEADERS.length);
        if (this.#answer.startsWith("HTTP/1.1 101")) {
          resolve();
        } else {
          const [statusLine] = this.#answer.split("\r\n", 1);
          reject(new Error(`the upgrade was answered with ${statusLine}`));
        }
      }
      if (this.#answer !== "") {
        this.#decode();
      }
    });
    this.#socket.once("close", () => reject(new Error("the socket was closed")));
    await promise;
  }

  #decode(): void {
    let decoded = decodeFrame(this.#bytes);
    while (decoded) {
      this.#bytes = this.#bytes.subarray(decoded.size);
      this.#frames.put(decoded.frame);
      decoded = decodeFrame(this.#bytes);
    }
  }
}
