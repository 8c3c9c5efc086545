import { isUtf8 } from "node:buffer";
import type { Connections } from "./connections.ts";
import { GONE } from "./gone.ts";
import type { ManagementAnswer } from "./management-answer.ts";

/**
 * Sends bytes to a connection as one text message. 200 says that the gateway took it, not that the client has it; 429
 * that the client does not read and too much waits for it. What is not UTF-8 is replaced, for the client would have to
 * close on it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function postToConnection(
  connections: Connections,
  connectionId: string,
  data: Buffer,
): ManagementAnswer {
  const text = isUtf8(data) ? data : Buffer.from(data.toString());
  const sent = connections.reachable(connectionId)?.send(text) ?? "gone";
  if (sent === "gone") {
    return GONE;
  }
  if (sent === "accepted") {
    return { status: 200 };
  }
  const body = JSON.stringify({ message: "The client's buffer is full" });
  return { status: 429, errorType: "LimitExceededException", body };
}
