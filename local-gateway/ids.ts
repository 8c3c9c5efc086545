import { randomBytes } from "node:crypto";

/** Bytes that are fetched from the system at a time: one fetch takes as long for 8 of them as for thousands. */
const STOCK = 4_096;

let stock = Buffer.alloc(0);
let used = 0;

/** Random bytes that are given out once, fit for ids that must not be guessed. Gives at most a few dozen at a time. */
function drawRandom(count: number): Buffer {
  if (used + count > stock.length) {
    stock = randomBytes(STOCK);
    used = 0;
  }
  used += count;
  return stock.subarray(used - count, used);
}

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

/**
 * A new value for the header `X-Amzn-Trace-Id`.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function createTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${drawRandom(12).toString("hex")}`;
}

/**
 * A new value for `_X_AMZN_TRACE_ID`, by which X-Ray knows an invocation. Nothing is traced here.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function createTraceHeader(): string {
  return `${createTraceId()};Parent=${drawRandom(8).toString("hex")};Sampled=0`;
}
