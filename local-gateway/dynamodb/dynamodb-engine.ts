import { EventEmitter } from "node:events";
import dynalite from "dynalite";

/** One request to DynamoDB, its body already complete. */
export interface DynamoDbRequest {
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

/** DynamoDB's operations on data in memory: dynalite, called in process and never through a socket of its own. */
export class DynamoDbEngine {
  readonly #dynalite = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

  /** Runs one request. Rejects only if dynalite itself breaks; DynamoDB's own errors are answers. */
  execute(request: DynamoDbRequest): Promise<DynamoDbResponse> {
    const { method, url, headers, body } = request;
    return new Promise((resolve) => {
      const replay = Object.assign(new EventEmitter(), { method, url, headers });
      this.#dynalite.emit("request", replay, new ResponseCapture(resolve));
      // Emitted here, not by a stream later on: what dynalite throws then ends in this promise, not in the process.
      if (body.length > 0) {
        replay.emit("data", body);
      }
      replay.emit("end");
    });
  }
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
