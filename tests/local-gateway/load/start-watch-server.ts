import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Inbox } from "../support/inbox.ts";

/** A server on which each process that is watched holds a socket open, and writes to it
 * when it is to be watched: the socket closes when the process ends. */
export async function startWatchServer() {
  const watched = new Inbox<{ readonly ended: Promise<unknown> }>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    const ended = once(socket, "close");
    socket.once("data", () => watched.put({ ended }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port: String(port),
    watched,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}
