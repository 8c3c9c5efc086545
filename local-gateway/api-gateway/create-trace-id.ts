import { drawRandom } from "./draw-random.ts";

/**
 * A new value for the header `X-Amzn-Trace-Id`.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function createTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${drawRandom(12).toString("hex")}`;
}
