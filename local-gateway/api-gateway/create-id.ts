import { drawRandom } from "./draw-random.ts";

const RANDOM_BYTES = 8;
const TAIL_BYTES = 3;

/**
 * An id as API Gateway makes them for connections, messages and requests: 11 bytes in base64url, so 16 characters of
 * which the last is always `=`. The ids of a connection's messages end in the same three bytes as the connection's own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function createId(connectionId?: string): string {
  if (connectionId === undefined) {
    return `${drawRandom(RANDOM_BYTES + TAIL_BYTES).toString("base64url")}=`;
  }
  const tail = Buffer.from(connectionId, "base64url").subarray(RANDOM_BYTES);
  return `${Buffer.concat([drawRandom(RANDOM_BYTES), tail]).toString("base64url")}=`;
}
