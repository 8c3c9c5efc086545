import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { CrossOriginProtection } from "../cross-origin-protection.ts";
import { Faults } from "../faults/faults.ts";
import { readRequestBody, traceHeader } from "../http.ts";
import type { DynamoDbAccess, DynamoDbCall } from "../iam/dynamodb-access.ts";
import { type DynamoDbEngine, type DynamoDbResponse, errorResponse } from "./engine.ts";

/** The largest request that DynamoDB reads, in bytes. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

const MISSING_SIGNATURE = /"__type":"[\w.]+#MissingAuthenticationTokenException"/;

/** How a call was answered. */
export interface DynamoDbAnswer {
  readonly status: number;
  /** In milliseconds. */
  readonly duration: number;
  /** The trace header of the call; undefined when it has none. */
  readonly traceId: string | undefined;
}

/** What a request passes before DynamoDB runs it, and who is notified of what became of it. */
interface RequestOptions {
  readonly access: DynamoDbAccess;
  readonly crossOrigin: CrossOriginProtection;
  /** What goes wrong on demand; nothing when absent. */
  readonly faults?: Faults | undefined;
  /** Takes every call that may be made, before it runs. */
  readonly onRequest?: ((call: DynamoDbCall) => void) | undefined;
  /** Takes every call that was answered, also by a fault, and how. */
  readonly onAnswer?: ((call: DynamoDbCall, answer: DynamoDbAnswer) => void) | undefined;
  /** Takes every call that may not be made, why, and the trace header of the call. */
  readonly onDenied?:
    | ((call: DynamoDbCall, problem: string, traceId: string | undefined) => void)
    | undefined;
  /** Takes the sentence with which a request of a web page was rejected. */
  readonly onRejected?: ((problem: string) => void) | undefined;
  /** Takes the error of a request that failed here, for another reason than the request itself. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Answers the requests to the embedded DynamoDB from `engine`, when their callers may make them. */
export function createRequestListener(
  engine: DynamoDbEngine,
  options: RequestOptions,
): RequestListener {
  const { crossOrigin, onRejected = () => {}, onError } = options;
  return (request, response) => {
    if (crossOrigin.answer(request, response, { signed: true, onRejected })) {
      return;
    }
    void serve(engine, options, request).then(
      (answer) => send(response, answer),
      (error: unknown) => {
        onError?.(error);
        send(response, FAILURES.databaseError);
      },
    );
  };
}

async function serve(
  engine: DynamoDbEngine,
  { access, faults = new Faults(), onRequest, onAnswer, onDenied }: RequestOptions,
  request: IncomingMessage,
): Promise<DynamoDbResponse | undefined> {
  const read = await readRequestBody(request, MAX_REQUEST_BYTES);
  if (read.kind === "aborted") {
    return undefined;
  }
  if (read.kind === "too large") {
    return { status: 413, headers: {}, body: "" };
  }
  const { method = "GET", url = "/", rawHeaders } = request;
  // dynalite would let every web page read its answer.
  const { origin: _origin, ...headers } = request.headers;
  const { body } = read;
  const call = readCall(request, body);
  const decision = access.authorize({ method, url, rawHeaders, body }, call);
  if (decision.ok) {
    const execute = () => engine.execute({ method, url, headers, body });
    if (!call) {
      return execute();
    }
    const begin = performance.now();
    const answer = await executeDespiteFaults(faults, call.operation, () => {
      onRequest?.(call);
      return execute();
    });
    onAnswer?.(call, {
      status: answer.status,
      duration: performance.now() - begin,
      traceId: traceHeader(headers),
    });
    return answer;
  }
  // DynamoDB has complaints that come before one about the signature: they are what it says without any signature.
  const { authorization: _, ...unsigned } = headers;
  const earlier = await engine.execute({ method, url: "/", headers: unsigned, body });
  if (!MISSING_SIGNATURE.test(earlier.body)) {
    return earlier;
  }
  if (call) {
    onDenied?.(call, decision.problem, traceHeader(headers));
  }
  return errorResponse(400, decision.body);
}

/** The call in a request; undefined when it names no operation or is not JSON, which DynamoDB rejects. */
function readCall(request: IncomingMessage, body: Buffer): DynamoDbCall | undefined {
  const target = request.headers["x-amz-target"];
  if (typeof target !== "string") {
    return undefined;
  }
  const operation = target.slice(target.lastIndexOf(".") + 1);
  if (body.length === 0) {
    return { operation, body: undefined };
  }
  try {
    return { operation, body: JSON.parse(body.toString()) };
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, answer: DynamoDbResponse | undefined): void {
  if (answer === undefined) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const FAILURES = {
  databaseThrottled: failure(
    400,
    "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
  ),
  databaseError: failure(500, "InternalServerError", "Internal server error"),
} as const;

function failure(status: number, name: string, message: string): DynamoDbResponse {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message });
  return errorResponse(status, body);
}

/** Makes a call of DynamoDB, unless it triggers a fault: then the call is not made, or its answer is delayed. */
async function executeDespiteFaults(
  faults: Faults,
  operation: string,
  execute: () => Promise<DynamoDbResponse>,
): Promise<DynamoDbResponse> {
  const names = ["databaseThrottled", "databaseError", "slowDatabase"] as const;
  const fault = faults.trigger(names, { subject: operation });
  if (fault === "databaseThrottled" || fault === "databaseError") {
    return FAILURES[fault];
  }
  const response = await execute();
  if (fault === "slowDatabase") {
    await faults.delay(fault);
  }
  return response;
}
