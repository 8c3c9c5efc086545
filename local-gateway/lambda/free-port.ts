import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** `port` when it is free on 127.0.0.1, or any free one when it is 0. Throws when it is in use. */
export async function freePort(port: number): Promise<number> {
  const server = createServer();
  const listening = once(server, "listening");
  server.listen(port, "127.0.0.1");
  await listening;
  const { port: found } = server.address() as AddressInfo;
  const closed = once(server, "close");
  server.close();
  await closed;
  return found;
}
