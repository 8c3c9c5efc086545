import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CrossOriginProtection } from "../cross-origin-protection.ts";
import type { Faults } from "../faults/faults.ts";
import { listenFailure } from "../http.ts";
import { DynamoDbAccess, type DynamoDbCall } from "../iam/dynamodb-access.ts";
import type { Principals } from "../iam/principals.ts";
import type { TableDefinition } from "../template/tables.ts";
import { createTable, DynamoDbEngine } from "./engine.ts";
import { createRequestListener, type DynamoDbAnswer } from "./requests.ts";

/** A DynamoDB in this process, its data in memory. */
export interface EmbeddedDynamoDb {
  /** Where the AWS SDK finds it, for example `http://127.0.0.1:3301`. */
  readonly url: string;
  /** Cuts every connection and rejects new ones. The data stays. Twice is no error. */
  stopListening(): Promise<void>;
  /** Accepts connections again, at the same address. Twice is no error. */
  listen(): Promise<void>;
  /** Stops for good; the data is gone. */
  close(): Promise<void>;
}

/** Where the embedded DynamoDB listens and what is in it. */
export interface EmbeddedDynamoDbOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly tables: readonly TableDefinition[];
  /** The region that calls have to be signed for. */
  readonly region: string;
  /** Who may sign calls. */
  readonly principals: Principals;
  /** Keeps web pages out; all of them when absent. */
  readonly crossOrigin?: CrossOriginProtection | undefined;
  /** What goes wrong on demand; nothing when absent. */
  readonly faults?: Faults | undefined;
  /** Takes every call that may be made, before it runs. */
  readonly onRequest?: (call: DynamoDbCall) => void;
  /** Takes every call that was answered, also by a fault, and how. */
  readonly onAnswer?: (call: DynamoDbCall, answer: DynamoDbAnswer) => void;
  /** Takes every call that may not be made, why, and the trace header of the call. */
  readonly onDenied?: (call: DynamoDbCall, problem: string, traceId: string | undefined) => void;
  /** Takes the sentence with which a request of a web page was rejected. */
  readonly onRejected?: (problem: string) => void;
  /**
   * Takes the error of a connection that cannot be accepted, for want of file descriptors for example, and of a request
   * that failed here.
   */
  readonly onError?: (error: unknown) => void;
}

/** How long an idle connection stays open, in milliseconds: longer than the SDK of a quiet function holds on to it. */
const KEEP_ALIVE = 120_000;

const ADVICE =
  "Choose another one with --dynamodb-port; --port 0 takes free ones for the API and DynamoDB.";

/**
 * Starts DynamoDB with the tables of a template in it. Resolves once it accepts requests and the tables are active.
 *
 * Throws `PORT_IN_USE` or `LISTEN_FAILED`, and a TemplateError when DynamoDB rejects the definition of a table.
 */
export async function startEmbeddedDynamoDb(
  options: EmbeddedDynamoDbOptions,
): Promise<EmbeddedDynamoDb> {
  const engine = await DynamoDbEngine.open(options.tables);
  for (const table of options.tables) {
    await createTable(engine, table);
  }
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE },
    createRequestListener(engine, {
      ...options,
      crossOrigin: options.crossOrigin ?? new CrossOriginProtection(),
      access: new DynamoDbAccess(options),
    }),
  );
  const { host } = options;
  await listen(server, host, options.port);
  server.on("error", (error) => {
    // Before that, the caller of `listen` gets it.
    if (server.listening) {
      options.onError?.(error);
    }
  });
  const { port } = server.address() as AddressInfo;
  const stopListening = () => stop(server);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    stopListening,
    listen: () => listen(server, host, port),
    close: stopListening,
  };
}

/** What there is instead of a DynamoDB that no table needs. */
const NONE: Omit<EmbeddedDynamoDb, "url"> = {
  stopListening: async () => {},
  listen: async () => {},
  close: async () => {},
};

/**
 * Starts DynamoDB when there are tables to be in it. Otherwise nothing listens, `url` is undefined and the methods do
 * nothing. Throws like `startEmbeddedDynamoDb`.
 */
export async function startDynamoDbIfNeeded(
  options: EmbeddedDynamoDbOptions,
): Promise<Partial<Pick<EmbeddedDynamoDb, "url">> & Omit<EmbeddedDynamoDb, "url">> {
  return options.tables.length === 0 ? NONE : await startEmbeddedDynamoDb(options);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  if (server.listening) {
    return;
  }
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw listenFailure({ what: "The embedded DynamoDB", host, port, advice: ADVICE }, cause);
  }
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) {
    return;
  }
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
