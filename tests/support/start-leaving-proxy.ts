import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";

/** The body of a BatchWriteItem. */
interface BatchWrite {
  readonly RequestItems: Record<string, WriteRequest[]>;
}

/**
 * A proxy before the DynamoDB of `config` that leaves writes of batches unprocessed, as DynamoDB does when it is throttled:
 * those of which `leaves` says so. The next answer to the operation `loses` gets lost after DynamoDB has done what it was asked for.
 * `config` is how the SDK reaches it.
 */
export async function startLeavingProxy(config: DynamoDBClientConfig & { endpoint: string }) {
  const database = new DynamoDBClient(config);
  const { hostname, port } = new URL(config.endpoint);
  const proxy = {
    leaves: (_write: WriteRequest, _index: number): boolean => false,
    loses: undefined as string | undefined,
    /** How many writes each batch had. */
    batches: [] as number[],
    config,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };

  async function write(RequestItems: BatchWrite["RequestItems"]): Promise<object> {
    const [[table, writes] = ["", []]] = Object.entries(RequestItems);
    proxy.batches.push(writes.length);
    const left = writes.filter((it, index) => proxy.leaves(it, index));
    const written = writes.filter((it) => !left.includes(it));
    if (written.length > 0) {
      await database.send(new BatchWriteItemCommand({ RequestItems: { [table]: written } }));
    }
    return { UnprocessedItems: left.length === 0 ? {} : { [table]: left } };
  }

  const server = createServer((asking, response) => {
    const { method, url: path, headers } = asking;
    if (String(headers["x-amz-target"]).endsWith(".BatchWriteItem")) {
      void json(asking)
        .then((body) => write((body as BatchWrite).RequestItems))
        .then((answer) => {
          response.setHeader("content-type", "application/x-amz-json-1.0");
          response.end(JSON.stringify(answer));
        });
      return;
    }
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      if (String(headers["x-amz-target"]).endsWith(`.${proxy.loses}`)) {
        proxy.loses = undefined;
        answer.resume().on("end", () => asking.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    asking.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  proxy.config = { ...config, endpoint: `http://127.0.0.1:${own}` };
  return proxy;
}
