import { RelayFailure } from "../../domain/failures.ts";
import type { Sdk } from "../dynamodb/dynamodb-client.ts";
import type { Item, Key } from "./items.ts";

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

/** Ends a call in time. */
interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** One write or delete of an item. */
export type WriteRequest =
  | { readonly PutRequest: { readonly Item: Item } }
  | { readonly DeleteRequest: { readonly Key: Key } };

/**
 * Writes and deletes items in batches; `options` gives those of each call. What DynamoDB leaves unprocessed is written again; rejects if it
 * stays so.
 */
export async function writeInBatches(
  sdk: Sdk,
  tableName: string,
  requests: readonly WriteRequest[],
  options: () => CallOptions,
): Promise<void> {
  for (let index = 0; index < requests.length; index += BATCH) {
    await writeBatch(sdk, tableName, requests.slice(index, index + BATCH), options);
  }
}

async function writeBatch(
  { client, BatchWriteCommand, PutCommand }: Sdk,
  tableName: string,
  requests: readonly WriteRequest[],
  options: () => CallOptions,
): Promise<void> {
  const [first] = requests;
  if (requests.length === 1 && first !== undefined && "PutRequest" in first) {
    await client.send(new PutCommand({ TableName: tableName, ...first.PutRequest }), options());
    return;
  }
  let left = requests;
  for (let tried = 0; tried < BATCH_TRIES; tried += 1) {
    if (tried > 0) {
      const wait = Math.random() * BATCH_BACKOFF * 2 ** tried;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    const { UnprocessedItems } = await client.send(
      new BatchWriteCommand({ RequestItems: { [tableName]: [...left] } }),
      options(),
    );
    // They are some of the requests that were sent.
    left = (UnprocessedItems?.[tableName] ?? []) as WriteRequest[];
    if (left.length === 0) {
      return;
    }
  }
  throw new RelayFailure(
    "UNPROCESSED_WRITES",
    `DynamoDB has left ${left.length} writes of a batch unprocessed, ${BATCH_TRIES} times.`,
  );
}
