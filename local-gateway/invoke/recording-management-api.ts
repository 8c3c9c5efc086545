import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One call of the management API. */
export interface ManagementCall {
  /** POST, or what else there was. */
  readonly method: string;
  readonly connectionId: string;
  readonly body: string;
}

/** A management API without connections behind it: it accepts every call and remembers it. */
export class RecordingManagementApi {
  /** In the order in which they came. */
  readonly calls: ManagementCall[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { method = "", url = "" } = request;
      const connectionId = decodeURIComponent(url.slice(url.lastIndexOf("/") + 1));
      void text(request).then((body) => {
        this.calls.push({ method, connectionId, body });
        response.end();
      });
    });
  }

  /** Starts one on a free port of this machine. */
  static async start(): Promise<RecordingManagementApi> {
    const api = new RecordingManagementApi();
    api.#server.listen(0, "127.0.0.1");
    await once(api.#server, "listening");
    return api;
  }

  /** Where it is, without a stage: `http://127.0.0.1:49152`. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
