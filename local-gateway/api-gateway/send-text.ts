import type { WebSocket } from "ws";
import { QUOTAS } from "./quotas.ts";

/**
 * Sends one text message, in frames of at most 32 KB. All of its frames are handed over at once, so that messages sent
 * at the same time cannot mix. They are never compressed, which a client that negotiated compression has to accept: each
 * compressor would take a quarter of a megabyte.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://www.rfc-editor.org/rfc/rfc7692#section-6
 */
export function sendText(webSocket: WebSocket, text: Buffer): void {
  let offset = 0;
  do {
    const frame = text.subarray(offset, offset + QUOTAS.frameSize);
    offset += QUOTAS.frameSize;
    const fin = offset >= text.length;
    webSocket.send(frame, { binary: false, compress: false, fin }, ignoreLostSocket);
  } while (offset < text.length);
}

/** A send that fails has lost its connection, and that is reported by the connection's end. */
function ignoreLostSocket(): void {}
