import type { DisconnectCause } from "./disconnect-cause.ts";
import { FrameReader } from "./frame-reader.ts";
import { QUOTAS } from "./quotas.ts";

const BINARY = 2;
const FIRST_CONTROL_OPCODE = 8;

/**
 * Watches the frames that a client sends for the two rules that the WebSocket library does not know: a frame of more
 * than 32 KB closes with 1009, a binary one with 1003, both as soon as their header is there. Messages that were
 * complete before still count, also those that the library has not inflated yet. Of a compressed frame the bytes on the
 * wire count: our own choice, AWS documents no unit. The only recorded reason is that of a frame that is too large.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html
 * @see https://github.com/anomalyco/sst/issues/305
 */
export class FrameLimit {
  readonly #reader = new FrameReader();
  #violation: DisconnectCause | undefined;
  /** Messages that are complete and that the library has not reported yet. */
  #complete = 0;

  /** Takes the client's bytes; must see each chunk before the library does. */
  read(chunk: Buffer): void {
    if (this.#violation) {
      return;
    }
    for (const { fin, opcode, length } of this.#reader.read(chunk)) {
      const data = opcode < FIRST_CONTROL_OPCODE;
      this.#violation = data ? violationOf(opcode, length) : undefined;
      if (this.#violation) {
        return;
      }
      if (data && fin) {
        this.#complete += 1;
      }
    }
  }

  /** How a rule was broken, as soon as the library has reported all messages that ended before. */
  get violation(): DisconnectCause | undefined {
    return this.#complete === 0 ? this.#violation : undefined;
  }

  /** To be asked once for each message that the library reports: whether it ended before a rule was broken. */
  admitsMessage(): boolean {
    if (this.#complete === 0) {
      return false;
    }
    this.#complete -= 1;
    return true;
  }
}

function violationOf(opcode: number, length: number): DisconnectCause | undefined {
  if (opcode === BINARY) {
    const explanation = "a binary frame; API Gateway's WebSocket APIs take text only";
    return { code: 1003, reason: "", explanation };
  }
  if (length > QUOTAS.frameSize) {
    const size = length.toLocaleString("en");
    const explanation = `a frame of ${size} bytes; API Gateway accepts 32 KB per frame`;
    const reason = `Max frame length of ${QUOTAS.frameSize} has been exceeded.`;
    return { code: 1009, reason, explanation };
  }
  return;
}
