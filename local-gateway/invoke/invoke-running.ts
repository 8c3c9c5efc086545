import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { InvocationResult } from "../lambda/invocation-result.ts";

/** The gateway that runs, and the function of it that is meant. */
export interface RunningFunction {
  /** For example `http://127.0.0.1:3300`. */
  readonly origin: string;
  readonly region: string;
  readonly functionName: string;
}

/** The payload of a function that failed. */
interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Lambda's own errors are spelled in two ways. */
interface Refusal {
  readonly message?: string;
  readonly Message?: string;
}

/** The person at this machine. */
const DEVELOPER = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * Invokes a function of a local gateway that runs, through Lambda's API, and waits for the result.
 *
 * Throws with one sentence when no gateway answers, or when it refuses the call.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invokeRunning(
  { origin, region, functionName }: RunningFunction,
  event: object,
): Promise<InvocationResult> {
  const { hostname, host } = new URL(origin);
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const body = JSON.stringify(event);
  const signer = new SignatureV4({
    service: "lambda",
    region,
    credentials: DEVELOPER,
    sha256: Sha256,
  });
  const call = { method: "POST", protocol: "http:", hostname, path, query: {}, body };
  const { headers } = await signer.sign({ ...call, headers: { host } });
  const response = await send(`${origin}${path}`, { method: "POST", headers, body }, origin);
  return await readResult(response, origin);
}

async function send(url: string, init: RequestInit, origin: string): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new Error(`No local gateway answers at ${origin}: start one with npm start.`, { cause });
  }
}

async function readResult(response: Response, origin: string): Promise<InvocationResult> {
  const { status, headers } = response;
  const text = await response.text();
  if (status === 200 && headers.has("x-amz-executed-version")) {
    if (!headers.has("x-amz-function-error")) {
      return { outcome: "returned", payload: JSON.parse(text) };
    }
    const error: FunctionError = JSON.parse(text);
    return { outcome: "failed", ...error };
  }
  const errorType = headers.get("x-amzn-errortype");
  if (errorType === null) {
    throw new Error(`What answers at ${origin} is no local gateway (${status}).`);
  }
  const { message, Message = message }: Refusal = JSON.parse(text);
  throw new Error(`${errorType}: ${Message}`);
}
