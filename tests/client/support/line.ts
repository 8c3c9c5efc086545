import { FakeWebSocket } from "./fake-web-socket.ts";

const [CONNECTING, OPEN, CLOSING] = [0, 1, 2];
const HEARTBEAT_ID = "heartbeat";

/** A message that was put on a line. */
interface PutMessage {
  readonly id: string;
  readonly data: number;
}

/** A socket to a relay that answers "who am I?" as long as a test wants it to. */
export class Line extends FakeWebSocket {
  readonly connectionId: string;
  readonly put: PutMessage[] = [];
  /** The client has received its id. */
  isReady = false;
  #answers = false;

  constructor(url: string, protocols: string[], connectionId: string) {
    super(url, protocols);
    this.connectionId = connectionId;
  }

  /** The client listens to it. */
  get hasListener(): boolean {
    return this.onclose !== null;
  }

  get isOpen(): boolean {
    return this.hasListener && this.readyState === OPEN;
  }

  get isConnecting(): boolean {
    return this.hasListener && this.readyState === CONNECTING;
  }

  override send(text: string): void {
    super.send(text);
    const { id, data } = JSON.parse(text);
    if (id !== HEARTBEAT_ID) {
      this.put.push({ id, data });
    } else if (this.#answers) {
      queueMicrotask(() => this.#answer());
    }
  }

  /** Opens if it has not yet, and answers from now on, what was asked before, too. */
  accept(): void {
    this.#answers = true;
    if (this.isConnecting) {
      this.open();
    } else {
      this.#answer();
    }
  }

  /** Answers no more. */
  die(): void {
    this.#answers = false;
  }

  /** The far end has begun to close it, and the client does not know it yet. */
  beginClosing(): void {
    this.readyState = CLOSING;
  }

  #answer(): void {
    this.isReady = true;
    this.frame({ relay: "id", id: HEARTBEAT_ID, connectionId: this.connectionId });
  }
}
