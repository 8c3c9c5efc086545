import type { WebSocketLike } from "../../../client/index.ts";

const [CONNECTING, OPEN, CLOSED] = [0, 1, 3];

type Handler = ((event: never) => void) | null;

/** The far end of a socket in the hands of a test. Like a browser's, it has no `terminate`. */
export class FakeWebSocket implements WebSocketLike {
  readyState = CONNECTING;
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;
  /** The texts that the client has sent, heartbeats included. */
  readonly sent: string[] = [];
  /** The code with which the client closed it. */
  closedWith: number | undefined;
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(text: string): void {
    if (this.readyState === CONNECTING) {
      throw new Error("This socket is not open yet.");
    }
    // Afterwards, a text is silently lost.
    if (this.readyState === OPEN) {
      this.sent.push(text);
    }
  }

  close(code?: number): void {
    this.readyState = CLOSED;
    this.closedWith ??= code;
  }

  /** The upgrade succeeds. */
  open(): void {
    this.readyState = OPEN;
    this.#emit(this.onopen, {});
  }

  /** The upgrade succeeds, and "who am I?" is answered. */
  welcome(connectionId: string, expiresIn = 7800): void {
    this.open();
    this.register(connectionId, expiresIn);
  }

  /** The channels that its URL asks for. */
  get channels(): string[] {
    // Not with URL, which a test may replace.
    const found = this.url.matchAll(/[?&]channel=([^&]*)/g);
    return [...found].map(([, name = ""]) => decodeURIComponent(name));
  }

  /** Answers the last message that joins channels: the client is in them for so many seconds. */
  subscribed(expiresIn = 7800): void {
    const { channel, id } = this.messages.findLast(({ action }) => action === "subscribe") ?? {};
    const channels = [channel].flat().map((name) => ({ channel: name, expiresIn }));
    this.frame({ relay: "subscribed", channels, id });
  }

  /** Answers the message at that place with an error. */
  reject(code: string, place = -1): void {
    const id = this.messages.at(place)?.id;
    this.frame({ relay: "error", code, message: `It is ${code}.`, id, requestId: "r1" });
  }

  /** A heartbeat is answered: the connection is registered for so many seconds more. */
  register(connectionId: string, expiresIn: number, names = this.channels): void {
    const channels = names.map((channel) => ({ channel, expiresIn }));
    this.frame({ relay: "id", id: "heartbeat", connectionId, user: "alice", expiresIn, channels });
  }

  /** A heartbeat, or the message with that id, is answered by a relay that has lost the registration. */
  forget(id: unknown = "heartbeat"): void {
    const message = "The relay does not know this connection: connect again.";
    this.frame({ relay: "error", code: "NOT_REGISTERED", message, id, requestId: "r1" });
  }

  /** A text arrives. */
  text(data: unknown): void {
    this.#emit(this.onmessage, { data });
  }

  /** A frame arrives. */
  frame(frame: object): void {
    this.text(JSON.stringify(frame));
  }

  /** The line drops, or the upgrade fails. */
  drop(code = 1006, reason = ""): void {
    this.readyState = CLOSED;
    this.#emit(this.onerror, {});
    this.#emit(this.onclose, { code, reason });
  }

  /** The messages that the client has sent, read, without heartbeats. */
  get messages(): Record<string, unknown>[] {
    return this.sent.map((text) => JSON.parse(text)).filter(({ id }) => id !== "heartbeat");
  }

  get heartbeats(): number {
    return this.sent.length - this.messages.length;
  }

  /** Answers the message at that place with a receipt. */
  receipt(place: number): void {
    const id = this.messages.at(place)?.id;
    this.frame({ relay: "receipt", id, delivered: 1, gone: 0, failed: 0, complete: true });
  }

  #emit(handler: Handler, event: object): void {
    handler?.(event as never);
  }
}
