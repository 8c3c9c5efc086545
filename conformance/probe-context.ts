import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";
import { type HttpAnswer, type HttpCall, sendHttp, signCall } from "./http.ts";
import { ProbeClient } from "./probe-client.ts";
import { RawConnection } from "./raw-connection.ts";
import type { WebSocketEvent } from "./received.ts";
import type { Endpoint } from "./target.ts";
import { type ConnectOptions, upgradeUrl } from "./upgrade.ts";
import { inTime } from "./waiting.ts";

/** How to connect without a library. */
interface RawOptions extends Pick<ConnectOptions, "command" | "query"> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a probe does to a gateway. Disposing it ends every connection that it opened. */
export class ProbeContext {
  readonly endpoint: Endpoint;
  readonly #opened = new DisposableStack();

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  /** Opens a connection. Rejects when it is rejected. */
  async connect(options: ConnectOptions = {}): Promise<ProbeClient> {
    const client = new ProbeClient(this.#webSocket(options), this.endpoint.timeout);
    await client.opened();
    return client;
  }

  /** Tries to connect, and gives the answer by which it is rejected. Rejects when the connection opens. */
  async rejection(options: ConnectOptions = {}): Promise<HttpAnswer> {
    const webSocket = this.#webSocket(options);
    const opened = once(webSocket, "open").then(() => {
      throw new Error("the connection was opened");
    });
    const rejected = once(webSocket, "unexpected-response").then(async ([, response]) => {
      const answer: IncomingMessage = response;
      const body = await text(answer);
      return { status: answer.statusCode ?? 0, headers: answer.headers, body };
    });
    opened.catch(() => {});
    rejected.catch(() => {});
    return await this.#inTime(Promise.race([opened, rejected]), "an answer to the upgrade");
  }

  /** Opens a connection of which every byte can be chosen. Rejects when it is rejected. */
  async connectRaw({ headers = {}, ...options }: RawOptions = {}): Promise<RawConnection> {
    const { url, timeout } = this.endpoint;
    const connecting = RawConnection.open(upgradeUrl(url, options), headers, timeout);
    return this.#opened.adopt(await connecting, (connection) => connection.destroy());
  }

  /** Calls the management API about a connection, signed. */
  async manage(
    method: string,
    connectionId: string,
    body: string | Buffer = "",
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    const call = this.managementCall(method, connectionId, body, headers);
    return await this.send(await signCall(call, this.endpoint));
  }

  /** A call of the management API as the SDKs write it, not yet signed. */
  managementCall(
    method: string,
    connectionId: string,
    body: string | Buffer = "",
    headers: Readonly<Record<string, string>> = {},
  ): HttpCall {
    const origin = this.endpoint.managementUrl;
    const path = `${new URL(origin).pathname}/@connections/${encodeURIComponent(connectionId)}`;
    return { method, origin, path, headers, body: Buffer.from(body) };
  }

  /** Sends a request as it is. */
  async send(call: HttpCall): Promise<HttpAnswer> {
    return await this.#inTime(sendHttp(call), "an answer to a request");
  }

  /** The event of a client's next message; its route must be two-way. */
  async eventOf(client: ProbeClient, message: string): Promise<WebSocketEvent> {
    client.send(message);
    return JSON.parse(await client.receive());
  }

  async connectionIdOf(client: ProbeClient): Promise<string> {
    const { requestContext } = await this.eventOf(client, "who am I?");
    return requestContext.connectionId;
  }

  /** What the function noted under an id, as soon as it has. */
  async note(id: string, seconds = this.endpoint.timeout): Promise<unknown> {
    // The probe application behind the authorizer accepts clients only with this query parameter.
    const reader = await this.connect({ query: { verdict: "allow" } });
    const deadline = performance.now() + seconds * 1000;
    while (performance.now() < deadline) {
      const note = await reader.answer({ do: "read", note: id });
      if (note !== null) {
        return note;
      }
    }
    throw new Error(`the note "${id}" did not come within ${seconds} s`);
  }

  /** The event of a connect or a disconnect. `owner` is the connection's id, or the connect's query parameter `mark`. */
  async lifecycleEvent(owner: string, eventType: "CONNECT" | "DISCONNECT") {
    return (await this.note(`${owner} ${eventType}`)) as WebSocketEvent;
  }

  [Symbol.dispose](): void {
    this.#opened.dispose();
  }

  #webSocket({ protocols = [], ...options }: ConnectOptions): WebSocket {
    const url = upgradeUrl(this.endpoint.url, options);
    const webSocket = new WebSocket(url, [...protocols], { perMessageDeflate: false, ...options });
    webSocket.on("error", () => {});
    return this.#opened.adopt(webSocket, () => webSocket.terminate());
  }

  async #inTime<Value>(promise: Promise<Value>, what: string): Promise<Value> {
    return await inTime(promise, this.endpoint.timeout, what);
  }
}
