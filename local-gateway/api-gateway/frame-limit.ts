import type { DisconnectCause } from "./disconnect-cause.ts";
import { type FrameHeader, FrameReader } from "./frame-reader.ts";
import { QUOTAS } from "./quotas.ts";

const BINARY = 2;
const FIRST_CONTROL_OPCODE = 8;

/**
 * Watches the frames that a client sends for the two rules that the WebSocket library does not know: a frame of more
 * than 32 KB closes with 1009, a binary one with 1003, both as soon as their header is there. Messages that were
 * complete before still count. Which reason AWS gives is not known: none is given here.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html
 */
export class FrameLimit {
  readonly #onBroken: (cause: DisconnectCause) => void;
  readonly #reader = new FrameReader((header) => this.#check(header));
  #broken = false;
  #complete = 0;
  #admitted = 0;

  /** @param onBroken called at most once, after the library has seen the same bytes */
  constructor(onBroken: (cause: DisconnectCause) => void) {
    this.#onBroken = onBroken;
  }

  /** Takes the client's bytes; must see each chunk before the library does. */
  read(chunk: Buffer): void {
    if (!this.#broken) {
      this.#reader.read(chunk);
    }
  }

  /** To be asked once for each message that the library reports: whether it ended before a rule was broken. */
  admitsMessage(): boolean {
    this.#admitted += 1;
    return this.#admitted <= this.#complete;
  }

  #check({ fin, opcode, length }: FrameHeader): void {
    if (this.#broken || opcode >= FIRST_CONTROL_OPCODE) {
      return;
    }
    if (opcode === BINARY) {
      this.#break(1003, "a binary frame; API Gateway's WebSocket APIs take text only");
    } else if (length > QUOTAS.frameSize) {
      const size = length.toLocaleString("en");
      this.#break(1009, `a frame of ${size} bytes; API Gateway accepts 32 KB per frame`);
    } else if (fin) {
      this.#complete += 1;
    }
  }

  #break(code: number, explanation: string): void {
    this.#broken = true;
    // Messages that came in the same chunk are still to be handed on by the library.
    process.nextTick(this.#onBroken, { code, reason: "", explanation });
  }
}
