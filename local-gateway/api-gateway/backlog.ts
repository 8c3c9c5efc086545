/** What a backlog holds back: a WebSocket, or a part of it. */
interface Source {
  pause(): void;
  resume(): void;
}

/**
 * As many messages as Lambda runs at a time in an account, and bytes of text: our own bounds.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_MESSAGES = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** What has been read already goes on to be inflated: 64 KB may become 64 MB. Of that, so many bytes may wait. */
const MAX_INFLATED_BYTES = 8 * 1024 * 1024;

/**
 * The messages of one connection that are being handled. While they are too many, no more is read from the client: it
 * may send without end, but not faster than its messages are handled.
 */
export class Backlog {
  readonly #source: Source;
  #messages = 0;
  #bytes = 0;
  #paused = false;

  constructor(source: Source) {
    this.#source = source;
  }

  /** To be asked before `hold`: whether a message of some bytes may wait, too. Without compression each may. */
  admits(bytes: number): boolean {
    return this.#bytes + bytes <= MAX_INFLATED_BYTES;
  }

  /** Counts a message of some bytes in, until `handled` settles; it must not reject. */
  async hold(bytes: number, handled: Promise<void>): Promise<void> {
    this.#change(1, bytes);
    await handled;
    this.#change(-1, -bytes);
  }

  #change(messages: number, bytes: number): void {
    this.#messages += messages;
    this.#bytes += bytes;
    const full = this.#messages >= MAX_MESSAGES || this.#bytes >= MAX_BYTES;
    if (full !== this.#paused) {
      this.#paused = full;
      this.#source[full ? "pause" : "resume"]();
    }
  }
}
