import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { TemplateError } from "../template/error.ts";
import type { TableDefinition } from "../template/tables.ts";

type Dynalite = ReturnType<typeof import("dynalite")>;

/** One request to DynamoDB, its body already complete. */
interface DynamoDbRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** DynamoDB's answer to one request. */
export interface DynamoDbResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

/** An error of DynamoDB, with its JSON text. */
export function errorResponse(status: number, body: string): DynamoDbResponse {
  return { status, headers: { "Content-Type": "application/x-amz-json-1.0" }, body };
}

const SERIALIZATION_EXCEPTION = errorResponse(
  400,
  '{"__type":"com.amazon.coral.service#SerializationException","message":"The JSON has another shape than the operation takes"}',
);

/**
 * DynamoDB's operations on data in memory: dynalite, called in process and never through a socket of its own. What
 * dynalite does not know, the time to live of a table, is kept here.
 */
export class DynamoDbEngine {
  /** The attribute with the time at which an item expires, by the name of the table. */
  readonly #timesToLive: Map<string, string>;
  readonly #dynalite: Dynalite;

  private constructor(dynalite: Dynalite, tables: readonly TableDefinition[]) {
    this.#dynalite = dynalite;
    this.#timesToLive = new Map(
      tables.flatMap(({ tableName, timeToLive }) =>
        timeToLive === undefined ? [] : [[tableName, timeToLive]],
      ),
    );
  }

  /**
   * Loads dynalite, which only templates with a table need.
   *
   * @param tables those with a time to live; none of them is created
   */
  static async open(tables: readonly TableDefinition[]): Promise<DynamoDbEngine> {
    const { default: dynalite } = await import("dynalite");
    const immediately = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
    return new DynamoDbEngine(dynalite(immediately), tables);
  }

  /** Runs one request. DynamoDB's errors are answers. */
  async execute(request: DynamoDbRequest): Promise<DynamoDbResponse> {
    const response = await this.#run(request);
    const [, operation] = String(request.headers["x-amz-target"]).split(".");
    if (response.status !== 200 || !/^(DescribeTimeToLive|DeleteTable)$/.test(operation ?? "")) {
      return response;
    }
    const { TableName } = JSON.parse(request.body.toString());
    if (operation === "DeleteTable") {
      this.#timesToLive.delete(TableName);
      return response;
    }
    const AttributeName = this.#timesToLive.get(TableName);
    return AttributeName === undefined
      ? response
      : withBody(response, {
          TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName },
        });
  }

  /**
   * dynalite throws on JSON of the wrong shape, such as null in the place of a map, where DynamoDB answers with a
   * SerializationException. What it throws is of no use to a caller.
   */
  #run(request: DynamoDbRequest): Promise<DynamoDbResponse> {
    const { method, url, headers, body } = request;
    return new Promise((resolve) => {
      const replay = Object.assign(new EventEmitter(), { method, url, headers });
      try {
        this.#dynalite.emit("request", replay, new ResponseCapture(resolve));
        // Emitted here, not by a stream later on: what dynalite throws then ends here, not in the process.
        if (body.length > 0) {
          replay.emit("data", body);
        }
        replay.emit("end");
      } catch {
        resolve(SERIALIZATION_EXCEPTION);
      }
    });
  }
}

/** The response with another body, and the checksum and length that belong to it. */
function withBody({ status, headers }: DynamoDbResponse, content: object): DynamoDbResponse {
  const body = JSON.stringify(content);
  const ownHeaders = { "x-amz-crc32": crc32(body), "Content-Length": Buffer.byteLength(body) };
  return { status, headers: { ...headers, ...ownHeaders }, body };
}

class ResponseCapture {
  statusCode = 200;
  readonly #headers: Record<string, string | number> = {};
  readonly #resolve: (response: DynamoDbResponse) => void;

  constructor(resolve: (response: DynamoDbResponse) => void) {
    this.#resolve = resolve;
  }

  setHeader(name: string, value: string | number): void {
    this.#headers[name] = value;
  }

  end(body = ""): void {
    this.#resolve({ status: this.statusCode, headers: this.#headers, body });
  }
}

/** Creates a table of the template; resolves once it is active. Throws a TemplateError with DynamoDB's sentence. */
export async function createTable(engine: DynamoDbEngine, table: TableDefinition): Promise<void> {
  const created = await call(engine, "CreateTable", table.createTable);
  if (created.status !== 200) {
    const { message } = JSON.parse(created.body);
    const problem = `the table cannot be created: ${message ?? created.body}`;
    throw new TemplateError("TEMPLATE_INVALID", table.place, problem);
  }
  while (!(await isActive(engine, table))) {
    await setImmediate();
  }
}

async function isActive(engine: DynamoDbEngine, { tableName }: TableDefinition): Promise<boolean> {
  const { body } = await call(engine, "DescribeTable", { TableName: tableName });
  const { Table } = JSON.parse(body);
  const indexes: { IndexStatus: string }[] = Table.GlobalSecondaryIndexes ?? [];
  return Table.TableStatus === "ACTIVE" && indexes.every((index) => index.IndexStatus === "ACTIVE");
}

function call(engine: DynamoDbEngine, operation: string, body: object) {
  return engine.execute({
    method: "POST",
    url: "/",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      // dynalite wants to see a signature, but does not check it.
      "x-amz-date": "20260101T000000Z",
      authorization: "AWS4-HMAC-SHA256 Credential=none, SignedHeaders=none, Signature=none",
    },
    body: Buffer.from(JSON.stringify(body)),
  });
}
