import { Line } from "./line.ts";

const TO = { channel: "lobby" };
const OTHERS_ID = "C50a8cvrtjMCI7w=";

/** All lines of one client, and what may happen on them; a number chooses one of the newest lines or messages. */
export class Lines {
  readonly all: Line[] = [];
  /** The ids of others' messages, in the order in which they came for the first time. */
  readonly delivered: string[] = [];
  /** The messages that were put on a line that the relay had forgotten, by their data: they were not delivered. */
  readonly forgotten = new Set<number>();
  /** A name for each message that came again, or was an own one on the other line, before or after that was ready. */
  readonly rare: string[] = [];

  /** The class of the client's sockets. */
  readonly WebSocket = ((all: Line[]) =>
    class extends Line {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, `id${all.length}=`);
        all.push(this);
      }
    })(this.all);

  /** The messages that were put on any of them, by their data. */
  get put(): number[] {
    return this.all.flatMap(({ put }) => put.map(({ data }) => data));
  }

  reject(): void {
    this.#connecting()?.drop();
  }

  /** The upgrade succeeds, and the question who we are is not answered yet. */
  open(): void {
    this.#connecting()?.open();
  }

  accept(): void {
    (this.all.findLast((line) => line.isOpen && !line.isReady) ?? this.#connecting())?.accept();
  }

  die(number: number): void {
    this.#open(number)?.die();
  }

  beginClosing(number: number): void {
    this.#open(number)?.beginClosing();
  }

  drop(number: number): void {
    this.#open(number)?.drop();
  }

  receipt(number: number): void {
    this.#answer(number, { relay: "receipt", delivered: 1, gone: 0, failed: 0, complete: true });
  }

  error(number: number): void {
    this.#answer(number, { relay: "error", code: "UNAVAILABLE", message: "Sorry." });
  }

  /** The relay has lost the registration of a line, and says so: to a heartbeat, or to one of these messages. */
  forget(number: number, isUnanswered: (data: number) => boolean): void {
    const line = this.#open(number);
    const message = line?.put.findLast(({ data }) => isUnanswered(data));
    if (message) {
      line?.put.splice(line.put.indexOf(message), 1);
      this.forgotten.add(message.data);
      this.rare.push("forgotten");
    }
    line?.forget(message?.id);
  }

  message(number: number): void {
    const line = this.#open(number);
    if (line) {
      const messageId = `m${this.delivered.length}`;
      this.delivered.push(messageId);
      line.frame({ relay: "message", messageId, from: { connectionId: OTHERS_ID }, to: TO });
    }
  }

  duplicate(number: number): void {
    const line = this.#open(number);
    const messageId = this.delivered.at(-1 - number);
    if (line && messageId) {
      this.rare.push("duplicate");
      line.frame({ relay: "message", messageId, from: { connectionId: OTHERS_ID }, to: TO });
    }
  }

  echo(): void {
    const sender = this.all.findLast(({ put }) => put.length > 0);
    const other = this.all.findLast((line) => line.isOpen && line !== sender);
    if (sender && other) {
      const { connectionId } = sender;
      this.rare.push(other.isReady ? "echo" : "earlyEcho");
      other.frame({ relay: "message", messageId: "own", from: { connectionId }, to: TO });
    }
  }

  #answer(number: number, frame: object): void {
    const line = this.#open(number);
    const id = line?.put.at(-1 - (number % 3))?.id;
    if (line && id) {
      line.frame({ ...frame, id });
    }
  }

  #connecting(): Line | undefined {
    return this.all.findLast(({ isConnecting }) => isConnecting);
  }

  #open(number: number): Line | undefined {
    return this.all.filter(({ isOpen }) => isOpen).at(-1 - (number % 2));
  }
}
