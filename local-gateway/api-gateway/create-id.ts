import { randomBytes } from "node:crypto";

const RANDOM_BYTES = 8;
const TAIL_BYTES = 3;

/**
 * An id as API Gateway makes them for connections, messages and requests: 11 bytes in base64url, so 16 characters of
 * which the last is always `=`. The ids of a connection's messages end in the same three bytes as the connection's own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function createId(connectionId?: string): string {
  const tail =
    connectionId === undefined
      ? randomBytes(TAIL_BYTES)
      : Buffer.from(connectionId, "base64url").subarray(RANDOM_BYTES);
  return `${Buffer.concat([randomBytes(RANDOM_BYTES), tail]).toString("base64url")}=`;
}
