import { randomUUID } from "node:crypto";
import { createId } from "./create-id.ts";
import { createTraceId } from "./create-trace-id.ts";

/**
 * The ids that AWS puts into the headers of each HTTP answer: one of AWS's request ids, one of API Gateway's own, and
 * the trace's.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function answerIds(): Record<string, string> {
  return {
    "x-amzn-requestid": randomUUID(),
    "x-amz-apigw-id": createId(),
    "x-amzn-trace-id": createTraceId(),
  };
}
