import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { types } from "node:util";
import { WebSocket } from "ws";
import { LONGEST_TIME } from "../deadline.ts";
import { LocalGatewayError } from "../errors.ts";
import { type Check, checkValues, invalidValue, isRecord, TEXT, wholeNumber } from "../options.ts";
import { cutText } from "../text.ts";

/** How a test's client connects, and how long it waits. */
export interface ConnectOptions {
  /** The query of the URL; a list repeats its name. */
  readonly query?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Headers of the upgrade request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The subprotocols that the client offers. */
  readonly subprotocols?: readonly string[] | undefined;
  /** Milliseconds for the connection, and for each message; 4000 when absent. */
  readonly timeout?: number | undefined;
}

/** How a connection ended, as its client sees it. */
export interface Closed {
  /** The WebSocket close code; 1005 when the frame had none, 1006 without a frame. */
  readonly code: number;
  readonly reason: string;
}

/** In milliseconds. Jest and Vitest end a test after five seconds: this error says more than theirs. */
export const DEFAULT_TIMEOUT = 4_000;

/** Messages that wait to be taken; with more of them, the client stops reading. */
const MAX_WAITING = 1_000;

/** How much of what was received an error shows: so many messages, each with so many characters. */
const MAX_SHOWN = 5;
const MAX_SHOWN_TEXT = 200;

/** Bytes of the body of a rejection that are read. */
const MAX_BODY = 64 * 1024;

/** The milliseconds that something may take. */
export const TIMEOUT: Check = {
  takes: {
    words: `a number of milliseconds above 0 and up to ${LONGEST_TIME * 1000}`,
    accepts: (value) => typeof value === "number" && value > 0 && value <= LONGEST_TIME * 1000,
  },
};

const isText = (value: unknown) => typeof value === "string";

const CONNECT_OPTIONS: { readonly [Name in keyof Required<ConnectOptions>]: Check } = {
  query: {
    takes: {
      words: "an object with texts, or lists of texts, by their names",
      accepts: (value) =>
        isRecord(value) && Object.values(value).every((text) => [text].flat().every(isText)),
    },
  },
  headers: {
    takes: {
      words: "an object with texts by the names of headers",
      accepts: (value) => isRecord(value) && Object.values(value).every(isText),
    },
  },
  subprotocols: { takes: TEXT, many: true },
  timeout: TIMEOUT,
};

/** The code of a close without a problem. */
const NORMAL = 1000;

/** Bytes of a reason. */
const MAX_REASON = 123;

/**
 * What a client may send as it closes.
 *
 * @see https://websockets.spec.whatwg.org/#dom-websocket-close
 */
const CLOSE: Readonly<Record<"code" | "reason", Check>> = {
  code: {
    takes: {
      words: "1000 or a whole number from 3000 to 4999",
      accepts: (code) => code === NORMAL || wholeNumber(3000, 4999).accepts(code),
    },
  },
  reason: {
    takes: {
      words: `a text of at most ${MAX_REASON} bytes`,
      accepts: (text) => typeof text === "string" && Buffer.byteLength(text) <= MAX_REASON,
    },
  },
};

/** The API answered the upgrade request with an HTTP status: `code` is `CONNECTION_REJECTED`. */
export class ConnectionRejectedError extends LocalGatewayError {
  /** For example 401 without a token, 403 when the authorizer denies, or what `$connect` returned. */
  readonly status: number;
  /** Of a body that is long, or does not end in time, the beginning. */
  readonly body: string;

  constructor(status: number, body: string) {
    const shown = body === "" ? "" : `: ${cutText(body, MAX_SHOWN_TEXT)}`;
    super("CONNECTION_REJECTED", `The connection is rejected with ${status}${shown}`);
    this.name = "ConnectionRejectedError";
    this.status = status;
    this.body = body;
  }
}

/**
 * Connects to a WebSocket API, a local gateway's or any other, with a client whose messages can be awaited.
 *
 * Throws a {@link ConnectionRejectedError} when the API answers with an HTTP status, and a LocalGatewayError
 * `CONNECTION_FAILED` when it cannot be reached or does not answer in time, or `INVALID_OPTION`.
 *
 * @param url for example `ws://127.0.0.1:3300/dev`
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<TestClient> {
  const { client } = await openClient(url, options);
  return client;
}

/** A client, and the port from which it is connected. */
interface OpenedClient {
  readonly client: WebSocketTestClient;
  readonly port: number | undefined;
}

/** The same as {@link connect}, for a caller that looks the client's connection up. */
export async function openClient(url: string, options: ConnectOptions): Promise<OpenedClient> {
  if (!isRecord(options)) {
    throw invalidValue("connect", "an object with options", options);
  }
  checkValues(CONNECT_OPTIONS, options);
  const { query = {}, headers = {}, subprotocols = [], timeout = DEFAULT_TIMEOUT } = options;
  const target = URL.parse(url);
  if (target === null || !/^wss?:$/.test(target.protocol)) {
    throw invalidValue("connect", "a URL such as ws://127.0.0.1:3300/dev", url);
  }
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) {
      target.searchParams.append(name, value);
    }
  }
  const webSocket = createWebSocket(target, [...subprotocols], {
    headers: { ...headers },
    handshakeTimeout: timeout,
    perMessageDeflate: false,
  });
  const client = new WebSocketTestClient(webSocket, timeout);
  let port: number | undefined;
  webSocket.once("upgrade", ({ socket }) => {
    port = socket.localPort;
  });
  await opened(webSocket, timeout);
  return { client, port };
}

/** Throws `INVALID_OPTION` with what no upgrade request can have: a header, a subprotocol or a part of the URL. */
function createWebSocket(...parameters: ConstructorParameters<typeof WebSocket>): WebSocket {
  try {
    return new WebSocket(...parameters);
  } catch (cause) {
    const reason = types.isNativeError(cause) ? cause.message : String(cause);
    throw new LocalGatewayError("INVALID_OPTION", `connect: ${reason}.`, { cause });
  }
}

/** Resolves when the connection is open; throws when it does not open. */
async function opened(webSocket: WebSocket, timeout: number): Promise<void> {
  const rejected = once(webSocket, "unexpected-response") as Promise<[unknown, IncomingMessage]>;
  try {
    const answer = await Promise.race([once(webSocket, "open").then(() => undefined), rejected]);
    if (answer !== undefined) {
      const [, response] = answer;
      throw new ConnectionRejectedError(
        response.statusCode ?? 0,
        await beginningOf(response, timeout),
      );
    }
  } catch (cause) {
    webSocket.terminate();
    if (cause instanceof LocalGatewayError) {
      throw cause;
    }
    const { origin, pathname } = new URL(webSocket.url);
    // Not instanceof: in Jest this error is of another realm.
    const reason = (types.isNativeError(cause) && cause.message) || "no answer";
    const sentence = `There is no connection to ${origin}${pathname}: ${reason}`;
    throw new LocalGatewayError("CONNECTION_FAILED", sentence, { cause });
  }
}

/** Reads a body up to its end or the limit, for `timeout` milliseconds at most. The text of what came. */
async function beginningOf(response: IncomingMessage, timeout: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => response.destroy(), timeout);
  try {
    for await (const part of response) {
      parts.push(part);
      size += part.length;
      if (size >= MAX_BODY) {
        break;
      }
    }
  } catch {
    // The status says enough.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(parts).subarray(0, MAX_BODY).toString();
}

/** Something that waits for a message. */
interface Taker {
  readonly resolve: (text: string) => void;
  readonly reject: (error: LocalGatewayError) => void;
}

/** A WebSocket client for tests: what it receives waits in order until it is taken. */
export interface TestClient extends AsyncDisposable {
  /** Resolves when the connection has ended, by either side. Never rejects. */
  readonly closed: Promise<Closed>;
  /** The subprotocol that the API has chosen; empty when it has chosen none. */
  readonly subprotocol: string;
  /** Sends a text. Throws `CONNECTION_CLOSED` when the connection has closed or is closing. */
  send(text: string): void;
  /** Sends a value as JSON. Throws as `send` does. */
  sendJson(value: unknown): void;
  /**
   * The oldest message that has not been taken; waits for one when there is none.
   *
   * Throws `NO_MESSAGE` when none comes in time, with the messages that came before, and `CONNECTION_CLOSED` when the
   * connection closes first.
   *
   * @param timeout in milliseconds; that of the client when absent
   */
  next(timeout?: number): Promise<string>;
  /**
   * The same, with the message parsed. The type is the caller's claim; nothing checks it. Throws `MESSAGE_NOT_JSON` when
   * the message is not JSON, too.
   */
  nextJson<Message = unknown>(timeout?: number): Promise<Message>;
  /**
   * Closes the connection, and resolves when it has ended. A connection that has ended already stays as it is.
   *
   * Throws `INVALID_OPTION` when a client may not send this code or reason.
   *
   * @param code 1000, as when absent, or from 3000 to 4999
   * @param reason at most 123 bytes
   */
  close(code?: number, reason?: string): Promise<Closed>;
}

/** A client as its gateway knows it. */
export class WebSocketTestClient implements TestClient {
  readonly closed: Promise<Closed>;
  readonly #webSocket: WebSocket;
  readonly #timeout: number;
  readonly #waiting: string[] = [];
  readonly #takers = new Set<Taker>();
  /** The last messages, for errors. */
  readonly #last: string[] = [];
  #received = 0;
  #limited = true;
  #end: Closed | undefined;

  constructor(webSocket: WebSocket, timeout: number) {
    this.#webSocket = webSocket;
    this.#timeout = timeout;
    const { promise, resolve } = Promise.withResolvers<Closed>();
    this.closed = promise;
    webSocket.on("message", (data) => this.#receive(data.toString()));
    webSocket.on("close", (code, reason) => {
      this.#end = { code, reason: reason.toString() };
      resolve(this.#end);
      for (const { reject } of this.#takers) {
        reject(this.#closedError("received no further message"));
      }
      this.#takers.clear();
    });
    // The close that follows says what there is to say.
    webSocket.on("error", () => {});
  }

  get subprotocol(): string {
    return this.#webSocket.protocol;
  }

  send(text: string): void {
    if (typeof text !== "string") {
      throw invalidValue("send", "a text; sendJson takes anything else", text);
    }
    if (this.#webSocket.readyState !== WebSocket.OPEN) {
      throw this.#closedError("cannot send");
    }
    this.#webSocket.send(text);
  }

  sendJson(value: unknown): void {
    this.send(JSON.stringify(value));
  }

  async next(timeout: number = this.#timeout): Promise<string> {
    checkValues({ timeout: TIMEOUT }, { timeout });
    const message = this.#waiting.shift();
    if (message !== undefined) {
      if (this.#waiting.length < MAX_WAITING) {
        this.#webSocket.resume();
      }
      return message;
    }
    if (this.#end) {
      throw this.#closedError("received no further message");
    }
    return await this.#wait(timeout);
  }

  async nextJson<Message = unknown>(timeout?: number): Promise<Message> {
    const message = await this.next(timeout);
    try {
      return JSON.parse(message);
    } catch (cause) {
      const sentence = `The client received a message that is not JSON: ${show(message)}.`;
      throw new LocalGatewayError("MESSAGE_NOT_JSON", sentence, { cause });
    }
  }

  async close(code = NORMAL, reason = ""): Promise<Closed> {
    checkValues(CLOSE, { code, reason });
    this.readOn();
    this.#webSocket.close(code, reason);
    return await this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Reads to the end, however many messages wait: otherwise a client that stopped reading misses the close. */
  readOn(): void {
    this.#limited = false;
    this.#webSocket.resume();
  }

  #receive(text: string): void {
    this.#received += 1;
    this.#last.push(text);
    if (this.#last.length > MAX_SHOWN) {
      this.#last.shift();
    }
    const [taker] = this.#takers;
    if (taker) {
      this.#takers.delete(taker);
      taker.resolve(text);
      return;
    }
    if (this.#waiting.push(text) >= MAX_WAITING && this.#limited) {
      this.#webSocket.pause();
    }
  }

  async #wait(timeout: number): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const taker = { resolve, reject };
    this.#takers.add(taker);
    const timer = setTimeout(() => {
      this.#takers.delete(taker);
      const sentence = `The client received no message within ${timeout} ms. ${this.#history()}`;
      reject(new LocalGatewayError("NO_MESSAGE", sentence));
    }, timeout);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #closedError(problem: string): LocalGatewayError {
    const { code, reason } = this.#end ?? {};
    const ending =
      code === undefined ? "is closing" : `has closed with ${code} ${reason}`.trimEnd();
    const sentence = `The client ${problem}: its connection ${ending}. ${this.#history()}`;
    return new LocalGatewayError("CONNECTION_CLOSED", sentence);
  }

  /** What was received, in one sentence. */
  #history(): string {
    if (this.#received === 0) {
      return "It has received nothing before.";
    }
    const last = this.#last.map(show).join(", ");
    const before =
      this.#received > this.#last.length ? `${this.#received} messages, the last ` : "";
    return `It has received before: ${before}${last}.`;
  }
}

function show(message: string): string {
  return JSON.stringify(cutText(message, MAX_SHOWN_TEXT));
}
