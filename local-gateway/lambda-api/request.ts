import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import type { Account } from "../iam/principals.ts";
import { type LambdaRejection, rejectCall } from "./answer.ts";

/** What the caller wants: the result, an asynchronous invocation, or only to know whether it has the permission. */
type InvocationType = "RequestResponse" | "Event" | "DryRun";

/** An invocation that Lambda accepts. */
export interface InvokeRequest {
  readonly invocationType: InvocationType;
  /** Any JSON. */
  readonly event: unknown;
  /** For the context object; absent when the caller gave none, or does not wait for the result. */
  readonly clientContext?: object;
}

/**
 * The largest event that is taken without the caller waiting for it, in bytes: 1 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_ASYNCHRONOUS_BYTES = 1_048_576;

const INVOCATION_TYPES: readonly InvocationType[] = ["Event", "RequestResponse", "DryRun"];

/**
 * Reads the headers and the body of an Invoke call. An empty body is an empty object.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function readInvokeRequest(
  headers: IncomingHttpHeaders,
  body: Buffer,
): ({ readonly ok: true } & InvokeRequest) | LambdaRejection {
  const named = headers["x-amz-invocation-type"] ?? "RequestResponse";
  const invocationType = INVOCATION_TYPES.find((type) => type === named);
  if (invocationType === undefined) {
    const problem = `1 validation error detected: Value '${named}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [${INVOCATION_TYPES.join(", ")}]`;
    return rejectCall("ValidationException", problem);
  }
  if (invocationType === "Event" && body.length > MAX_ASYNCHRONOUS_BYTES) {
    const problem = `${body.length} byte payload is too large for the Event invocation type (limit ${MAX_ASYNCHRONOUS_BYTES} bytes)`;
    return rejectCall("RequestEntityTooLargeException", problem);
  }
  const context = readClientContext(headers["x-amz-client-context"]);
  if (!context.ok) {
    return context;
  }
  const read = readEvent(body);
  if (!read.ok) {
    return read;
  }
  const { clientContext } = context;
  return {
    ok: true,
    invocationType,
    event: read.event,
    ...(clientContext && invocationType !== "Event" && { clientContext }),
  };
}

function readEvent(body: Buffer): { readonly ok: true; readonly event: unknown } | LambdaRejection {
  if (!isUtf8(body)) {
    return notJson("Invalid UTF-8");
  }
  if (body.length === 0) {
    return { ok: true, event: {} };
  }
  try {
    return { ok: true, event: JSON.parse(body.toString()) };
  } catch (error) {
    return notJson(error instanceof Error ? error.message : String(error));
  }
}

function notJson(explanation: string): LambdaRejection {
  const message = `Could not parse request body into json: Could not parse payload into json: ${explanation}`;
  return rejectCall("InvalidRequestContentException", message, {
    problem: "the payload is not JSON",
  });
}

function readClientContext(
  header: string | readonly string[] | undefined,
): { readonly ok: true; readonly clientContext?: object } | LambdaRejection {
  if (header === undefined) {
    return { ok: true };
  }
  let clientContext: unknown;
  try {
    clientContext = JSON.parse(Buffer.from(String(header), "base64").toString());
  } catch {
    // Undefined is rejected below.
  }
  return typeof clientContext === "object" && clientContext !== null
    ? { ok: true, clientContext }
    : rejectCall(
        "InvalidRequestContentException",
        "Client context must be a valid Base64-encoded JSON object.",
      );
}

/** What the path and the query of an Invoke call say. */
interface InvokePath {
  /** A name or an ARN, decoded. */
  readonly functionName: string;
  readonly qualifier: string | undefined;
}

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/**
 * Reads the request target of an Invoke call; undefined for any other call of Lambda's API.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function readInvokePath(method: string, url: string): InvokePath | undefined {
  const [path = "", query = ""] = url.split("?", 2);
  const encoded = PATH.exec(path)?.[1];
  if (method !== "POST" || encoded === undefined) {
    return;
  }
  const qualifier = new URLSearchParams(query).get("Qualifier") || undefined;
  return { functionName: decode(encoded), qualifier };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The function that a call of the API names. */
export interface FunctionReference {
  readonly region: string;
  readonly accountId: string;
  readonly name: string;
  /** A version or an alias. */
  readonly qualifier: string | undefined;
  /** All of it as one ARN, with the qualifier if there is one. */
  readonly arn: string;
}

/** As Lambda writes it in its rejections. */
const PATTERN =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";

const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-gov)?-[a-z]+-\d):)?(?:(?<accountId>\d{12}):)?(?:function:)?(?<name>[\w.-]+)(?::(?<inName>\$LATEST|[\w-]+))?$/;

/**
 * Reads how a call names its function: by name, by part of the ARN (`account:function:name`) or by all of it, each with
 * a qualifier behind or without.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function readFunctionReference(
  { functionName, qualifier }: InvokePath,
  account: Account,
): ({ readonly ok: true } & FunctionReference) | LambdaRejection {
  const groups = REFERENCE.exec(functionName)?.groups;
  if (groups?.name === undefined) {
    const problem = `1 validation error detected: Value '${functionName}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${PATTERN}`;
    return rejectCall("ValidationException", problem);
  }
  const { region = account.region, accountId = account.accountId, name, inName } = groups;
  if (inName !== undefined && qualifier !== undefined && inName !== qualifier) {
    return rejectCall(
      "InvalidParameterValueException",
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  const chosen = qualifier ?? inName;
  const arn = `arn:${account.partition}:lambda:${region}:${accountId}:function:${name}`;
  return {
    ok: true,
    region,
    accountId,
    name,
    qualifier: chosen,
    arn: chosen === undefined ? arn : `${arn}:${chosen}`,
  };
}
