import type { WebSocketLike } from "./web-socket-like.ts";

const OPEN = 1;

/**
 * Puts a text on a socket, if it is open, and says whether it did. Nobody knows what became of a text over which the
 * socket threw, so it counts as sent. Of any failure `onFailure` is told when the caller has noted the answer.
 */
export function sendOn(
  socket: WebSocketLike | undefined,
  text: string,
  onFailure: (reason: string, cause?: unknown) => void,
): boolean {
  if (socket?.readyState !== OPEN) {
    queueMicrotask(() => onFailure("The connection is closing."));
    return false;
  }
  try {
    socket.send(text);
  } catch (cause) {
    queueMicrotask(() => onFailure("The WebSocket failed.", cause));
  }
  return true;
}
