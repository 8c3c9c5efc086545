import type { WebSocketLike } from "./web-socket-like.ts";

const OPEN = 1;

/**
 * Puts a text on a socket, if it is open, and says whether it did. Nobody knows what became of a text over which the
 * socket threw, so it counts as sent; `onFailure` is called when the caller has noted that.
 */
export function sendOn(
  socket: WebSocketLike | undefined,
  text: string,
  onFailure: (cause: unknown) => void,
): boolean {
  if (socket?.readyState !== OPEN) {
    return false;
  }
  try {
    socket.send(text);
  } catch (cause) {
    queueMicrotask(() => onFailure(cause));
  }
  return true;
}
