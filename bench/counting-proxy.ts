import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** A reverse proxy that records the operation of every request. */
interface CountingProxy {
  /** The proxy's own address, without a path. */
  readonly url: string;
  /** The requests since the last call: DynamoDB's operations by name, the HTTP method of all others, sorted. */
  take(): readonly string[];
  close(): void;
}

/** Starts a proxy on a free port for `target`, a URL without a path. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
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
