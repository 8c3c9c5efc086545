import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { RelayFailure } from "../domain/failures.ts";
import type {
  ChannelEpoch,
  ChannelPosition,
  Clock,
  HistoryEntry,
  HistoryPage,
  KeptMessage,
  MessageHistory,
  StoreOutcome,
  TakenNumber,
} from "../domain/ports.ts";
import { endBy, endOf, lazySdk } from "./dynamodb/calls.ts";

/** The SDK itself repeats no call: to take a number twice leaves a hole, and a table that throttles is not asked for more. */
const ATTEMPTS = 1;
/**
 * How many items one batch may read.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
const BATCH = 100;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const THROTTLED: readonly unknown[] = [
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
];

type Item = Readonly<Record<string, unknown>>;

/**
 * The message history on one DynamoDB table, whose partition key is `list` and whose sort key is `sequence`. A channel's
 * position is in a list of its own, and so are the entries of each epoch: no epoch finds those of another, which DynamoDB may
 * delete days after they have expired.
 */
export class DynamoDbMessageHistory implements MessageHistory {
  readonly #tableName: string;
  readonly #loaded: ReturnType<typeof lazySdk>;

  /**
   * `config` is the SDK's own (endpoint, region, credentials); what is absent, the SDK finds itself. `clock` is the wall
   * clock, by which idle sockets are dropped.
   */
  constructor(tableName: string, config: DynamoDBClientConfig = {}, clock: Clock = Date.now) {
    this.#tableName = tableName;
    this.#loaded = lazySdk(config, clock, ATTEMPTS);
  }

  async takeNumber(
    channel: string,
    { takenAt, expiresAt }: { readonly takenAt: number; readonly expiresAt: number },
    deadline: number,
  ): Promise<TakenNumber> {
    const { client, UpdateCommand } = await this.#loaded();
    // The call that takes the first number names the epoch.
    const newEpoch = crypto.randomUUID().slice(0, 8);
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: positionKey(channel),
      UpdateExpression:
        "SET epoch = if_not_exists(epoch, :epoch), begunAt = if_not_exists(begunAt, :takenAt), takenAt = :takenAt, expiresAt = :expiresAt ADD taken :one",
      ExpressionAttributeValues: {
        ":epoch": newEpoch,
        ":takenAt": takenAt,
        ":expiresAt": inSeconds(expiresAt),
        ":one": 1,
      },
      ReturnValues: "ALL_OLD",
    });
    const { Attributes } = await orThrottled(() => client.send(update, endBy(endOf(deadline))));
    const before = Attributes && toPosition(Attributes);
    return {
      epoch: before?.epoch ?? newEpoch,
      sequence: (before?.sequence ?? 0) + 1,
      previousAt: before?.takenAt,
    };
  }

  async store(place: ChannelEpoch, entry: HistoryEntry, deadline: number): Promise<StoreOutcome> {
    const { client, ConditionalCheckFailedException, GetCommand, PutCommand } =
      await this.#loaded();
    const end = endOf(deadline);
    const { sequence, message, takenAt, previousAt, expiresAt } = entry;
    const key = { list: listOf(place), sequence };
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: { ...key, ...message, takenAt, previousAt, expiresAt: inSeconds(expiresAt) },
      ConditionExpression: "attribute_not_exists(#sequence)",
      ExpressionAttributeNames: { "#sequence": "sequence" },
    });
    try {
      await twice(() => client.send(put, endBy(end)));
      return { kind: "stored" };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) {
        throw error;
      }
    }
    const get = new GetCommand({ TableName: this.#tableName, Key: key, ConsistentRead: true });
    const { Item } = await twice(() => client.send(get, endBy(end)));
    return { kind: "occupied", message: Item && toEntry(Item).message };
  }

  async positions(
    channels: readonly string[],
    deadline: number,
  ): Promise<ReadonlyMap<string, ChannelPosition>> {
    const names = [...new Set(channels)];
    const batches = Array.from({ length: Math.ceil(names.length / BATCH) }, (_, index) =>
      names.slice(index * BATCH, (index + 1) * BATCH),
    );
    const end = endOf(deadline);
    const found = await Promise.all(batches.map((batch) => this.#positions(batch, end)));
    return new Map(found.flat());
  }

  async read(
    place: ChannelEpoch,
    { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
    deadline: number,
  ): Promise<HistoryPage> {
    const { client, QueryCommand } = await this.#loaded();
    const end = endOf(deadline);
    const query = new QueryCommand({
      TableName: this.#tableName,
      KeyConditionExpression: "#list = :list AND #sequence BETWEEN :from AND :to",
      ExpressionAttributeNames: { "#list": "list", "#sequence": "sequence" },
      ExpressionAttributeValues: { ":list": listOf(place), ":from": from, ":to": to },
      Limit: limit,
      ConsistentRead: true,
    });
    const { Items = [], LastEvaluatedKey } = await twice(() => client.send(query, endBy(end)));
    return { entries: Items.map(toEntry), isComplete: LastEvaluatedKey === undefined };
  }

  async #positions(
    channels: readonly string[],
    end: number,
  ): Promise<readonly (readonly [string, ChannelPosition])[]> {
    const { client, BatchGetCommand } = await this.#loaded();
    const get = new BatchGetCommand({
      RequestItems: {
        [this.#tableName]: { Keys: channels.map(positionKey), ConsistentRead: true },
      },
    });
    const { Responses, UnprocessedKeys = {} } = await twice(() => client.send(get, endBy(end)));
    if (Object.keys(UnprocessedKeys).length > 0) {
      throw throttled(undefined);
    }
    const items: readonly Item[] = Responses?.[this.#tableName] ?? [];
    return items.map((item) => [channelOf(item), toPosition(item)]);
  }
}

/** Makes a call that may be repeated without harm once more if it had no answer, or none that says what became of it. */
async function twice<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await orThrottled(call);
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (error instanceof RelayFailure || (status !== undefined && status < 500)) {
      throw error;
    }
    // Whatever becomes of this one, nobody knows what became of the first.
    return await call();
  }
}

/** Makes a call; what the table throttles has done nothing, and is a failure with a code of its own. */
async function orThrottled<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof Error && THROTTLED.includes(error.name) ? throttled(error) : error;
  }
}

function throttled(cause: unknown): RelayFailure {
  return new RelayFailure("HISTORY_THROTTLED", "DynamoDB throttles the table of messages.", {
    cause,
  });
}

/** No name of a channel has this sign in it. */
const SEPARATOR = "#";

function positionKey(channel: string): { readonly list: string; readonly sequence: number } {
  return { list: `position${SEPARATOR}${channel}`, sequence: 0 };
}

function channelOf({ list }: Item): string {
  return String(list).slice(`position${SEPARATOR}`.length);
}

function listOf({ channel, epoch }: ChannelEpoch): string {
  return ["messages", channel, epoch].join(SEPARATOR);
}

/** DynamoDB's time to live is in whole seconds. */
function inSeconds(expiresAt: number): number {
  return Math.floor(expiresAt / 1000);
}

function toPosition(item: Item): ChannelPosition {
  const { epoch, taken, takenAt, begunAt } = item as unknown as ChannelPosition & { taken: number };
  return { epoch, sequence: taken, takenAt, begunAt };
}

function toEntry(item: Item): HistoryEntry {
  const { sequence, messageId, text, takenAt, previousAt, expiresAt } =
    item as unknown as HistoryEntry & Partial<KeptMessage>;
  const message = messageId === undefined || text === undefined ? undefined : { messageId, text };
  return { sequence, message, takenAt, previousAt, expiresAt: expiresAt * 1000 };
}
