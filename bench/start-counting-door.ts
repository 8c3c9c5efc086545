import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** A way to a server that takes note of every request. */
export interface CountingDoor {
  /** The way's own address, without a path. */
  readonly url: string;
  /** What was asked since the last call: DynamoDB's operations by name, and `POST` for anything else, sorted. */
  take(): readonly string[];
  close(): void;
}

/** Starts a door on a free port, which passes every request on to `target`, a URL without a path, and its answer back. */
export async function startCountingDoor(target: string): Promise<CountingDoor> {
  const { hostname, port } = new URL(target);
  let asked: string[] = [];
  const passOn = (asking: IncomingMessage, response: ServerResponse) => {
    const { method, url: path, headers } = asking;
    asked.push(String(headers["x-amz-target"] ?? method).replace(/^.*\./, ""));
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    asking.pipe(passed);
  };
  const server = createServer(passOn);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    take() {
      const taken = asked.sort();
      asked = [];
      return taken;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
