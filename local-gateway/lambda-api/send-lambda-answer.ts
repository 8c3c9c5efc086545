import type { ServerResponse } from "node:http";
import { createTraceId } from "../api-gateway/create-trace-id.ts";
import type { LambdaAnswer } from "./lambda-answer.ts";

/**
 * Sends an answer with the headers that each of Lambda's answers has. The request id is also the `awsRequestId` that the
 * function sees.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function sendLambdaAnswer(
  response: ServerResponse,
  { status, errorType, headers = {}, body = "" }: LambdaAnswer,
  requestId: string,
): void {
  response.writeHead(status, {
    ...headers,
    ...(errorType && { "x-amzn-errortype": errorType }),
    ...(status !== 204 && {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    }),
    "x-amzn-requestid": requestId,
    "x-amzn-trace-id": createTraceId(),
  });
  response.end(body);
}
