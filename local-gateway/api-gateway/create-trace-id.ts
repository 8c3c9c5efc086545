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

/**
 * A new value for `_X_AMZN_TRACE_ID`, by which X-Ray knows an invocation. Nothing is traced here.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function createTraceHeader(): string {
  return `${createTraceId()};Parent=${drawRandom(8).toString("hex")};Sampled=0`;
}
