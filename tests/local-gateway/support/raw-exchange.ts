import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** Sends bytes to a port and gives everything that comes back before the other side ends. */
export async function rawExchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  return await text(socket);
}
