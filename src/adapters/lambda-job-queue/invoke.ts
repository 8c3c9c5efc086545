import { InvokeCommand, LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import type { Clock } from "../../domain/ports.ts";
import { dropIdleSockets } from "../idle-sockets.ts";

/** The time that one try may take until its answer begins, and a call with all its tries, in milliseconds. */
const TRY_TIMEOUT = 1500;
const CALL_TIMEOUT = 4000;

/**
 * Makes a function that invokes the Lambda function `FunctionName` with a payload, and does not wait for what becomes of it.
 * Its promise rejects if Lambda has not accepted that by `end`, in milliseconds since 1970.
 */
export function createInvoke(FunctionName: string, config: LambdaClientConfig, clock: Clock) {
  const client = new LambdaClient({
    ...config,
    maxAttempts: 2,
    requestHandler: { requestTimeout: TRY_TIMEOUT, throwOnRequestTimeout: true },
  });
  dropIdleSockets(client, clock);
  return async (payload: string, end: number): Promise<void> => {
    const invoke = { FunctionName, InvocationType: "Event", Payload: payload } as const;
    const left = Math.min(Math.max(1, end - Date.now()), CALL_TIMEOUT);
    await client.send(new InvokeCommand(invoke), { abortSignal: AbortSignal.timeout(left) });
  };
}
