import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { CrossOriginProtection } from "../cross-origin-protection.ts";
import { Faults } from "../faults/faults.ts";
import { readRequestBody } from "../http.ts";
import type { DynamoDbAccess } from "../iam/dynamodb-access.ts";
import type { DynamoDbEngine, DynamoDbResponse } from "./engine.ts";

/** The largest request that DynamoDB reads, in bytes. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

const JSON_HEADERS = { "Content-Type": "application/x-amz-json-1.0" };

const MISSING_SIGNATURE = /"__type":"[\w.]+#MissingAuthenticationTokenException"/;

/**
 * dynalite breaks on JSON of the wrong shape, such as null in the place of a map, where DynamoDB answers with this. What
 * it broke of is nothing that a caller could use.
 */
const SERIALIZATION_EXCEPTION: DynamoDbResponse = {
  status: 400,
  headers: JSON_HEADERS,
  body: '{"__type":"com.amazon.coral.service#SerializationException","message":"The JSON has another shape than the operation takes"}',
};

/** One call of a DynamoDB operation, as its client sent it. */
export interface DynamoDbCall {
  /** For example `PutItem`. */
  readonly operation: string;
  readonly body: unknown;
}

/** What stands between a request and DynamoDB. */
interface FrontDoor {
  readonly access: DynamoDbAccess;
  readonly crossOrigin: CrossOriginProtection;
  /** What goes wrong on demand; nothing when absent. */
  readonly faults?: Faults | undefined;
  /** Told of every call that may be made, before it runs. */
  readonly onRequest?: ((call: DynamoDbCall) => void) | undefined;
  /** Told of every call that may not be made, and why. */
  readonly onDenied?: ((call: DynamoDbCall, problem: string) => void) | undefined;
  /** Takes the sentence with which a request of a web page was rejected. */
  readonly onRejected?: ((problem: string) => void) | undefined;
}

/** The front door of the embedded DynamoDB: reads a request, and answers it from `engine` when its caller may make it. */
export function createRequestListener(engine: DynamoDbEngine, door: FrontDoor): RequestListener {
  const { crossOrigin, onRejected = () => {} } = door;
  return (request, response) => {
    if (crossOrigin.answer(request, response, { signed: true, onRejected })) {
      return;
    }
    void serve(engine, door, request).then(
      (answer) => send(response, answer),
      () => send(response, SERIALIZATION_EXCEPTION),
    );
  };
}

async function serve(
  engine: DynamoDbEngine,
  { access, faults = new Faults(), onRequest, onDenied }: FrontDoor,
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
  const call = describeCall(request, body);
  const rejection = access.reject({ method, url, rawHeaders, body }, call);
  if (!rejection) {
    const execute = () => engine.execute({ method, url, headers, body });
    if (!call) {
      return execute();
    }
    return executeDespiteFaults(faults, call.operation, () => {
      onRequest?.(call);
      return execute();
    });
  }
  // DynamoDB has complaints that come before one about the signature: they are what it says without any signature.
  const { authorization: _, ...unsigned } = headers;
  const earlier = await engine.execute({ method, url: "/", headers: unsigned, body });
  if (!MISSING_SIGNATURE.test(earlier.body)) {
    return earlier;
  }
  if (call) {
    onDenied?.(call, rejection.problem);
  }
  return { status: 400, headers: JSON_HEADERS, body: rejection.body };
}

function describeCall(request: IncomingMessage, body: Buffer): DynamoDbCall | undefined {
  const target = request.headers["x-amz-target"];
  if (typeof target !== "string") {
    return undefined;
  }
  try {
    return {
      operation: target.slice(target.lastIndexOf(".") + 1),
      body: body.length === 0 ? undefined : JSON.parse(body.toString()),
    };
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

/** Makes a call of DynamoDB, unless a fault strikes it: then it is not made, or its answer waits. */
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

function failure(status: number, name: string, message: string): DynamoDbResponse {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message });
  return { status, headers: { "Content-Type": "application/x-amz-json-1.0" }, body };
}
