import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import type { InvocationType, InvokeRequest } from "./invoke-request.ts";
import { type LambdaRefusal, refuseCall } from "./lambda-refusal.ts";

/**
 * The largest event that is taken without the caller waiting for it, in bytes: 1 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_ASYNCHRONOUS_BYTES = 1_048_576;

const INVOCATION_TYPES: readonly InvocationType[] = ["Event", "RequestResponse", "DryRun"];

const NO_CLIENT_CONTEXT = "Client context must be a valid Base64-encoded JSON object.";

/**
 * Reads the headers and the body of an Invoke call. An empty body is an empty object.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function readInvokeRequest(
  headers: IncomingHttpHeaders,
  body: Buffer,
): InvokeRequest | LambdaRefusal {
  const named = headers["x-amz-invocation-type"] ?? "RequestResponse";
  const invocationType = INVOCATION_TYPES.find((type) => type === named);
  if (invocationType === undefined) {
    const problem = `1 validation error detected: Value '${named}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [${INVOCATION_TYPES.join(", ")}]`;
    return refuseCall("ValidationException", problem);
  }
  if (invocationType === "Event" && body.length > MAX_ASYNCHRONOUS_BYTES) {
    const problem = `${body.length} byte payload is too large for the Event invocation type (limit ${MAX_ASYNCHRONOUS_BYTES} bytes)`;
    return refuseCall("RequestEntityTooLargeException", problem);
  }
  const clientContext = readClientContext(headers["x-amz-client-context"]);
  if (clientContext === "malformed") {
    return refuseCall("InvalidRequestContentException", NO_CLIENT_CONTEXT);
  }
  const event = readEvent(body);
  if ("errorType" in event) {
    return event;
  }
  return {
    invocationType,
    ...event,
    ...(clientContext && invocationType !== "Event" && { clientContext }),
  };
}

function readEvent(body: Buffer): Pick<InvokeRequest, "event"> | LambdaRefusal {
  try {
    if (!isUtf8(body)) {
      return notJson("Invalid UTF-8");
    }
    return { event: body.length === 0 ? {} : JSON.parse(body.toString()) };
  } catch (error) {
    return notJson(error instanceof Error ? error.message : String(error));
  }
}

function notJson(explanation: string): LambdaRefusal {
  const message = `Could not parse request body into json: Could not parse payload into json: ${explanation}`;
  return refuseCall("InvalidRequestContentException", message, {
    problem: "the payload is not JSON",
  });
}

function readClientContext(
  header: string | readonly string[] | undefined,
): object | "malformed" | undefined {
  if (header === undefined) {
    return;
  }
  try {
    const context: unknown = JSON.parse(Buffer.from(String(header), "base64").toString());
    return typeof context === "object" && context !== null ? context : "malformed";
  } catch {
    return "malformed";
  }
}
