import type { WebSocket } from "ws";
import { QUOTAS } from "./quotas.ts";

/**
 * Sends one text message, in frames of at most 32 KB. All of its frames are handed over at once, so that messages sent
 * at the same time cannot mix.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export function sendText(webSocket: WebSocket, text: Buffer): void {
  let offset = 0;
  do {
    const frame = text.subarray(offset, offset + QUOTAS.frameSize);
    offset += QUOTAS.frameSize;
    webSocket.send(frame, { binary: false, fin: offset >= text.length }, ignoreLostSocket);
  } while (offset < text.length);
}

/** A send that fails has lost its connection, and that is reported by the connection's end. */
function ignoreLostSocket(): void {}
