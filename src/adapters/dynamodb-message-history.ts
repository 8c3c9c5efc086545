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
  TakenNumber,
} from "../domain/ports.ts";
import type { Item } from "./dynamodb/dynamodb-table.ts";
import { endOf, inSeconds, lazyTable } from "./dynamodb/lazy-table.ts";

/** The SDK itself repeats no call: to take a number twice leaves a hole, and a table that throttles is not asked for more. */
const ATTEMPTS = 1;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const THROTTLED: readonly unknown[] = [
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
];

/**
 * The message history on one DynamoDB table, whose partition key is `list` and whose sort key is `sequence`. A channel's
 * position is in a list of its own, and so are the entries of each epoch: no epoch finds those of another, which DynamoDB may
 * delete days after they have expired.
 */
export class DynamoDbMessageHistory implements MessageHistory {
  readonly #table: ReturnType<typeof lazyTable>;

  /**
   * `config` is the SDK's own (endpoint, region, credentials); what is absent, the SDK finds itself. `clock` is the wall
   * clock, by which idle sockets are dropped.
   */
  constructor(tableName: string, config: DynamoDBClientConfig = {}, clock: Clock = Date.now) {
    this.#table = lazyTable(tableName, config, clock, ATTEMPTS);
  }

  async takeNumber(
    channel: string,
    { takenAt, expiresAt }: { readonly takenAt: number; readonly expiresAt: number },
    deadline: number,
  ): Promise<TakenNumber> {
    const table = await this.#table();
    // The call that takes the first number names the epoch.
    const newEpoch = crypto.randomUUID().slice(0, 8);
    const once = "epoch = if_not_exists(epoch, :epoch), begunAt = if_not_exists(begunAt, :takenAt)";
    const update = {
      Key: positionKey(channel),
      UpdateExpression: `SET ${once}, takenAt = :takenAt, expiresAt = :expiresAt ADD taken :one`,
      ExpressionAttributeValues: {
        ":epoch": newEpoch,
        ":takenAt": takenAt,
        ":expiresAt": inSeconds(expiresAt),
        ":one": 1,
      },
      ReturnValues: "ALL_OLD",
    } as const;
    const updated = await orThrottled(() => table.update(update, endOf(deadline)));
    const before = updated?.item && toPosition(updated.item);
    return {
      epoch: before?.epoch ?? newEpoch,
      sequence: (before?.sequence ?? 0) + 1,
      previousAt: before?.takenAt,
    };
  }

  async store(
    place: ChannelEpoch,
    entry: HistoryEntry,
    deadline: number,
  ): Promise<KeptMessage | undefined> {
    const table = await this.#table();
    const end = endOf(deadline);
    const { message, takenAt, previousAt, expiresAt } = entry;
    const key = { list: listOf(place), sequence: entry.sequence };
    const put = {
      Item: { ...key, ...message, takenAt, previousAt, expiresAt: inSeconds(expiresAt) },
      ConditionExpression: "attribute_not_exists(#sequence)",
      ExpressionAttributeNames: { "#sequence": "sequence" },
    };
    if (await twice(() => table.put(put, end))) {
      return message;
    }
    const item = await twice(() => table.get(key, end));
    return item && toEntry(item).message;
  }

  async positions(
    channels: readonly string[],
    deadline: number,
  ): Promise<ReadonlyMap<string, ChannelPosition>> {
    const table = await this.#table();
    const keys = [...new Set(channels)].map(positionKey);
    const items = await twice(() => table.getAll(keys, endOf(deadline)));
    if (items === undefined) {
      throw throttled();
    }
    return new Map(items.map((item) => [channelOf(item), toPosition(item)]));
  }

  async read(
    place: ChannelEpoch,
    { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
    deadline: number,
  ): Promise<HistoryPage> {
    const table = await this.#table();
    const end = endOf(deadline);
    const query = {
      KeyConditionExpression: "#list = :list AND #sequence BETWEEN :from AND :to",
      ExpressionAttributeNames: { "#list": "list", "#sequence": "sequence" },
      ExpressionAttributeValues: { ":list": listOf(place), ":from": from, ":to": to },
      Limit: limit,
      ConsistentRead: true,
    };
    const { Items = [], LastEvaluatedKey } = await twice(() => table.query(query, end));
    return { entries: Items.map(toEntry), isComplete: LastEvaluatedKey === undefined };
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

function throttled(cause?: unknown): RelayFailure {
  const message = "DynamoDB throttles the table of messages.";
  return new RelayFailure("HISTORY_THROTTLED", message, { cause });
}

// No name of a channel has a "#" in it.
const POSITION = "position#";

function positionKey(channel: string): { readonly list: string; readonly sequence: number } {
  return { list: `${POSITION}${channel}`, sequence: 0 };
}

function channelOf({ list }: Item): string {
  return String(list).slice(POSITION.length);
}

function listOf({ channel, epoch }: ChannelEpoch): string {
  return `messages#${channel}#${epoch}`;
}

function toPosition(item: Item): ChannelPosition {
  const { epoch, taken, takenAt, begunAt } = attributesOf(item);
  return { epoch, sequence: taken, takenAt, begunAt };
}

function toEntry(item: Item): HistoryEntry {
  const { sequence, messageId, text, takenAt, previousAt, expiresAt } = attributesOf(item);
  const message = messageId === undefined || text === undefined ? undefined : { messageId, text };
  return { sequence, message, takenAt, previousAt, expiresAt: expiresAt * 1000 };
}

/** The attributes of both kinds of items, of which each has its own. */
type Attributes = ChannelPosition &
  HistoryEntry &
  Partial<KeptMessage> & { readonly taken: number };

function attributesOf(item: Item): Attributes {
  // Nobody but this class writes to the table, and the SDK cannot know what.
  return item as unknown as Attributes;
}
