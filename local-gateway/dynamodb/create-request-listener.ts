import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { DynamoDbEngine, DynamoDbResponse } from "./dynamodb-engine.ts";
import { readRequestBody } from "./read-request-body.ts";

/** The largest request that DynamoDB reads, in bytes. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** One call of a DynamoDB operation, as its client sent it. */
export interface DynamoDbCall {
  /** For example `PutItem`. */
  readonly operation: string;
  readonly body: unknown;
}

/** The front door of the embedded DynamoDB: reads a request, reports it to `onRequest` and answers it from `engine`. */
export function createRequestListener(
  engine: DynamoDbEngine,
  onRequest: (call: DynamoDbCall) => void,
): RequestListener {
  return (request, response) => {
    void serve(engine, onRequest, request).then(
      (answer) => send(response, answer),
      (error) => send(response, serializationException(error)),
    );
  };
}

async function serve(
  engine: DynamoDbEngine,
  onRequest: (call: DynamoDbCall) => void,
  request: IncomingMessage,
): Promise<DynamoDbResponse | undefined> {
  const read = await readRequestBody(request, MAX_REQUEST_BYTES);
  if (read.outcome === "aborted") {
    return undefined;
  }
  if (read.outcome === "too large") {
    return { status: 413, headers: {}, body: "" };
  }
  const call = describeCall(request, read.body);
  if (call !== undefined) {
    onRequest(call);
  }
  const { method = "GET", url = "/", headers } = request;
  return engine.execute({ method, url, headers, body: read.body });
}

function describeCall(request: IncomingMessage, body: Buffer): DynamoDbCall | undefined {
  const target = request.headers["x-amz-target"];
  if (typeof target !== "string") {
    return undefined;
  }
  try {
    return {
      operation: target.slice(target.lastIndexOf(".") + 1),
      body: JSON.parse(body.toString()),
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

/** dynalite breaks on JSON of the wrong shape, such as null in the place of a map, where DynamoDB answers with this. */
function serializationException(error: unknown): DynamoDbResponse {
  const __type = "com.amazon.coral.service#SerializationException";
  return {
    status: 400,
    headers: { "Content-Type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ __type, message: String(error) }),
  };
}
