import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DeleteCommandOutput,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  UpdateCommand,
  type UpdateCommandInput,
  type UpdateCommandOutput,
} from "@aws-sdk/lib-dynamodb";
import { RelayFailure } from "../../domain/failures.ts";
import type { Clock } from "../../domain/ports.ts";
import { dropIdleSockets } from "../idle-sockets.ts";

/** The time that one try may take until its answer begins, in milliseconds. */
const TRY_TIMEOUT = 1500;
/**
 * How many items one batch may read.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
const READ_BATCH = 100;
/**
 * How many items one batch may write.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
const BATCH = 25;
/** How often the items of a batch are written that DynamoDB leaves unprocessed, the first try included. */
const BATCH_TRIES = 5;
/** The longest wait before the second try of a batch, in milliseconds; it doubles before all further ones. */
const BATCH_BACKOFF = 50;

/** An item, or the part of one that was asked for. */
export type Item = Readonly<Record<string, unknown>>;

/** The key of an item. */
type Key = Readonly<Record<string, string | number>>;

/** One write or delete of an item. */
export type WriteRequest =
  | { readonly PutRequest: { readonly Item: Item } }
  | { readonly DeleteRequest: { readonly Key: Key } };

/** The answer to a write. After a second try it may be that the first one has done the same already. */
interface Written {
  readonly item: Item | undefined;
  readonly isFirstTry: boolean;
}

/** One table. Every call rejects if it has no answer by its `end`, in milliseconds since 1970. */
export class DynamoDbTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #name: string;

  /**
   * `config` is the SDK's own (endpoint, region, credentials); what is absent, the SDK finds itself. `clock` is the wall
   * clock, by which idle sockets are dropped; `attempts` is how often the SDK tries a call, the first try included.
   */
  constructor(name: string, config: DynamoDBClientConfig, clock: Clock, attempts: number) {
    const dynamodb = new DynamoDBClient({
      ...config,
      maxAttempts: attempts,
      requestHandler: {
        requestTimeout: TRY_TIMEOUT,
        // Without it a slow request is only warned about.
        throwOnRequestTimeout: true,
      },
    });
    dropIdleSockets(dynamodb, clock);
    // An index has no entry for an item that lacks its key, and rejects an empty one.
    const marshallOptions = { removeUndefinedValues: true };
    this.#client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions });
    this.#name = name;
  }

  /** The item with this key, if there is one. */
  async get(key: Key, end: number): Promise<Item | undefined> {
    const get = new GetCommand({ TableName: this.#name, Key: key, ConsistentRead: true });
    return (await this.#client.send(get, endBy(end))).Item;
  }

  /** The items with these keys that there are, in no order; undefined if DynamoDB has left some of them unread. */
  async getAll(keys: readonly Key[], end: number): Promise<readonly Item[] | undefined> {
    const items: Item[] = [];
    for (let index = 0; index < keys.length; index += READ_BATCH) {
      const asked = { Keys: keys.slice(index, index + READ_BATCH), ConsistentRead: true };
      const get = new BatchGetCommand({ RequestItems: { [this.#name]: asked } });
      const { Responses, UnprocessedKeys = {} } = await this.#client.send(get, endBy(end));
      if (Object.keys(UnprocessedKeys).length > 0) {
        return undefined;
      }
      items.push(...(Responses?.[this.#name] ?? []));
    }
    return items;
  }

  /** Writes an item, as the rest of the input says. Returns false if its condition does not hold. */
  async put(input: Omit<PutCommandInput, "TableName">, end: number): Promise<boolean> {
    const put = new PutCommand({ TableName: this.#name, ...input });
    return (await ifHolds(this.#client.send(put, endBy(end)))) !== undefined;
  }

  /** Updates an item, and returns the attributes that the input asks for; undefined if its condition does not hold. */
  async update(
    input: Omit<UpdateCommandInput, "TableName">,
    end: number,
  ): Promise<Written | undefined> {
    const update = new UpdateCommand({ TableName: this.#name, ...input });
    const output = await ifHolds(this.#client.send(update, endBy(end)));
    return output && { item: output.Attributes, isFirstTry: isFirstTry(output) };
  }

  /** Deletes an item, and returns what it was, if there was one. */
  async delete(key: Key, end: number): Promise<Written> {
    const remove = new DeleteCommand({ TableName: this.#name, Key: key, ReturnValues: "ALL_OLD" });
    const output = await this.#client.send(remove, endBy(end));
    return { item: output.Attributes, isFirstTry: isFirstTry(output) };
  }

  /** Reads one page of items, or of the entries of an index. */
  async query(
    input: Omit<QueryCommandInput, "TableName">,
    end: number,
  ): Promise<QueryCommandOutput> {
    const query = new QueryCommand({ TableName: this.#name, ...input });
    return await this.#client.send(query, endBy(end));
  }

  /** Writes and deletes items in batches. What DynamoDB leaves unprocessed is written again; rejects if it stays so. */
  async write(requests: readonly WriteRequest[], end: number): Promise<void> {
    const [first] = requests;
    if (requests.length === 1 && first !== undefined && "PutRequest" in first) {
      await this.put(first.PutRequest, end);
      return;
    }
    for (let index = 0; index < requests.length; index += BATCH) {
      await this.#writeBatch(requests.slice(index, index + BATCH), end);
    }
  }

  async #writeBatch(requests: readonly WriteRequest[], end: number): Promise<void> {
    let left = [...requests];
    for (let tried = 0; tried < BATCH_TRIES; tried += 1) {
      if (tried > 0) {
        const wait = Math.random() * BATCH_BACKOFF * 2 ** tried;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
      const write = new BatchWriteCommand({ RequestItems: { [this.#name]: left } });
      const { UnprocessedItems } = await this.#client.send(write, endBy(end));
      // They are some of the requests that were sent.
      left = (UnprocessedItems?.[this.#name] ?? []) as WriteRequest[];
      if (left.length === 0) {
        return;
      }
    }
    throw new RelayFailure(
      "UNPROCESSED_WRITES",
      `DynamoDB has left ${left.length} writes of a batch unprocessed, ${BATCH_TRIES} times.`,
    );
  }
}

/** What a write resolves with; undefined if its condition does not hold. */
async function ifHolds<Output>(write: Promise<Output>): Promise<Output | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return undefined;
    }
    throw error;
  }
}

function isFirstTry({ $metadata }: UpdateCommandOutput | DeleteCommandOutput): boolean {
  const { attempts = 1 } = $metadata;
  return attempts === 1;
}

/** Ends a call in time. The SDK's own timeouts end when an answer begins, but an answer may never end. */
function endBy(end: number): { readonly abortSignal: AbortSignal } {
  const left = end - Date.now();
  // A signal with no time left would be aborted only after the call has gone out.
  return { abortSignal: left > 0 ? AbortSignal.timeout(left) : AbortSignal.abort() };
}
