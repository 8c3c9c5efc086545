import type { DisconnectCause } from "./disconnect-cause.ts";

/** No close frame had a code: the client gave none. */
const NO_STATUS = 1005;
/** There was no close frame at all. */
const ABNORMAL = 1006;

/**
 * The cause of a close that did not come from the gateway: the client's own code and reason, or what API Gateway
 * writes in their place. Its words for a lost network are not known, these are a guess.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function clientDisconnectCause(code: number, reason: string): DisconnectCause {
  if (code === NO_STATUS) {
    return { code, reason: "Client-side close frame status not set" };
  }
  if (code === ABNORMAL) {
    return { code, reason: "Connection closed abnormally" };
  }
  return { code, reason };
}
