import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { QueryCommandInput, QueryCommandOutput } from "@aws-sdk/lib-dynamodb";
import type { Group } from "../../protocol/frames.ts";
import type { Connection, Membership } from "../domain/connection.ts";
import type {
  Clock,
  ConnectionStore,
  ListedConnection,
  MembersPage,
  StoredConnection,
} from "../domain/ports.ts";
import { CALL_TIMEOUT, endBy, endOf, lazySdk } from "./dynamodb/calls.ts";
import { type WriteRequest, writeInBatches } from "./dynamodb-connection-store/batches.ts";
import {
  type Item,
  isRegistration,
  type Key,
  membershipItem,
  membershipKey,
  registrationItem,
  registrationKey,
  toConnection,
  toListed,
  toMembership,
} from "./dynamodb-connection-store/items.ts";

/** Tries of one call, the first included. Every call may be repeated without harm. */
const ATTEMPTS = 2;
/** Connections that one query asks for: few enough to begin with the first ones soon. */
const PAGE = 500;
/** In milliseconds. */
const MINUTE = 60_000;
/**
 * How many counts of messages are looked for, this minute's included, so that the earlier ones are removed.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const KEPT_MINUTES = 12;

/**
 * The connection store on one DynamoDB table. Its partition key is `connectionId`, its sort key `entry`; its indexes are
 * `userIndex` (registrations), `channelIndex` (memberships) and `watchIndex` (memberships that ask for presence).
 *
 * DynamoDB deletes an item only days after its time to live is over.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class DynamoDbConnectionStore implements ConnectionStore {
  /** The longest that one method can take, in milliseconds. */
  static readonly longestCall = CALL_TIMEOUT;

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

  async add(connection: Connection, memberships: readonly Membership[]): Promise<void> {
    const items = [registrationItem(connection), ...memberships.map(membershipItem)];
    await this.#write(
      items.map((item) => ({ PutRequest: { Item: item } })),
      endOf(),
    );
  }

  async join(memberships: readonly Membership[], deadline: number): Promise<void> {
    const puts = memberships.map((it) => ({ PutRequest: { Item: membershipItem(it) } }));
    await this.#write(puts, endOf(deadline));
  }

  async leave(
    connectionId: string,
    channel: string,
    deadline: number,
  ): Promise<Membership | undefined> {
    const { client, DeleteCommand } = await this.#loaded();
    const { Attributes } = await client.send(
      new DeleteCommand({
        TableName: this.#tableName,
        Key: membershipKey(connectionId, channel),
        ReturnValues: "ALL_OLD",
      }),
      endBy(endOf(deadline)),
    );
    return Attributes && toMembership(Attributes);
  }

  async find(connectionId: string, deadline: number): Promise<Connection | undefined> {
    const item = await this.#get(registrationKey(connectionId), deadline);
    return item && toConnection(item);
  }

  async findMembership(
    connectionId: string,
    channel: string,
    deadline: number,
  ): Promise<Membership | undefined> {
    const item = await this.#get(membershipKey(connectionId, channel), deadline);
    return item && toMembership(item);
  }

  async findStored(connectionId: string, deadline: number): Promise<StoredConnection> {
    const items = await this.#itemsOf(connectionId, endOf(deadline));
    const registration = items.find(isRegistration);
    return {
      connection: registration && toConnection(registration),
      memberships: items.filter((item) => !isRegistration(item)).map(toMembership),
    };
  }

  async *findAll(group: Group, deadline: number): AsyncGenerator<ListedConnection[]> {
    const query =
      "user" in group
        ? inIndex("userIndex", "registeredUser", group.user)
        : inIndex("channelIndex", "joinedChannel", group.channel);
    for await (const items of this.#query(query, deadline)) {
      yield items.map(toListed);
    }
  }

  async findMembers(
    channel: string,
    { after, limit }: { readonly after: string | undefined; readonly limit: number },
    deadline: number,
  ): Promise<MembersPage> {
    const query = {
      ...inIndex("channelIndex", "joinedChannel", channel),
      Limit: limit,
      ExclusiveStartKey:
        after === undefined
          ? undefined
          : { joinedChannel: channel, ...membershipKey(after, channel) },
    };
    const { Items = [], LastEvaluatedKey } = await this.#queryPage(query, endOf(deadline));
    return { members: Items.map(toMembership), next: LastEvaluatedKey?.connectionId };
  }

  async findWatchers(channel: string, deadline: number): Promise<readonly ListedConnection[]> {
    const watchers: ListedConnection[] = [];
    const query = inIndex("watchIndex", "watchedChannel", channel);
    for await (const items of this.#query(query, endOf(deadline))) {
      watchers.push(...items.map(toListed));
    }
    return watchers;
  }

  async countMessage(
    connectionId: string,
    { now, limit }: { readonly now: number; readonly limit: number },
    deadline: number,
  ): Promise<Connection | undefined> {
    const { client, ConditionalCheckFailedException, UpdateCommand } = await this.#loaded();
    const minute = Math.floor(now / MINUTE);
    // API Gateway closes a connection that is silent for longer than these minutes, so no older count is left behind.
    const [first, ...earlier] = Array.from({ length: KEPT_MINUTES }, (_, age) => `#m${age}`);
    const names = [first, ...earlier].map((it, age) => [it, `messages${minute - age}`]);
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: registrationKey(connectionId),
          UpdateExpression: `ADD ${first} :one REMOVE ${earlier.join(", ")}`,
          ConditionExpression: `expiresAt > :now AND (attribute_not_exists(${first}) OR ${first} < :limit)`,
          ExpressionAttributeNames: Object.fromEntries(names),
          ExpressionAttributeValues: { ":one": 1, ":now": now / 1000, ":limit": limit },
          ReturnValues: "ALL_NEW",
        }),
        endBy(endOf(deadline)),
      );
      return Attributes && toConnection(Attributes);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return undefined;
      }
      throw error;
    }
  }

  async remove(connectionId: string, deadline?: number): Promise<readonly Membership[]> {
    const end = endOf(deadline);
    const { client, DeleteCommand } = await this.#loaded();
    await client.send(
      new DeleteCommand({ TableName: this.#tableName, Key: registrationKey(connectionId) }),
      endBy(end),
    );
    // A subscribe at the same time looks for the registration afterwards, and removes the membership that this misses.
    const left = await this.#itemsOf(connectionId, end);
    const deletes = left.map(({ entry }) => ({
      DeleteRequest: { Key: { connectionId, entry: String(entry) } },
    }));
    await this.#write(deletes, end);
    return left.filter((item) => !isRegistration(item)).map(toMembership);
  }

  async #get(key: Key, deadline: number): Promise<Item | undefined> {
    const { client, GetCommand } = await this.#loaded();
    const { Item } = await client.send(
      new GetCommand({ TableName: this.#tableName, Key: key, ConsistentRead: true }),
      endBy(endOf(deadline)),
    );
    return Item;
  }

  /** Every item of a connection, in one consistent query. */
  async #itemsOf(connectionId: string, end: number): Promise<readonly Item[]> {
    const items: Item[] = [];
    for await (const page of this.#query(
      { ...withKey("connectionId", connectionId), ConsistentRead: true },
      end,
    )) {
      items.push(...page);
    }
    return items;
  }

  async *#query(query: Partial<QueryCommandInput>, deadline: number): AsyncGenerator<Item[]> {
    let last: QueryCommandOutput["LastEvaluatedKey"];
    do {
      const page = await this.#queryPage(
        { Limit: PAGE, ...query, ExclusiveStartKey: last },
        endOf(deadline),
      );
      yield page.Items ?? [];
      last = page.LastEvaluatedKey;
    } while (last !== undefined);
  }

  async #queryPage(query: Partial<QueryCommandInput>, end: number): Promise<QueryCommandOutput> {
    const { client, QueryCommand } = await this.#loaded();
    return await client.send(
      new QueryCommand({ TableName: this.#tableName, ...query }),
      endBy(end),
    );
  }

  async #write(requests: readonly WriteRequest[], end: number): Promise<void> {
    await writeInBatches(await this.#loaded(), this.#tableName, requests, () => endBy(end));
  }
}

/** The part of a query that names the partition. `user` and others are reserved words, so the name is an alias. */
function withKey(name: string, value: string) {
  return {
    KeyConditionExpression: "#key = :value",
    ExpressionAttributeNames: { "#key": name },
    ExpressionAttributeValues: { ":value": value },
  };
}

function inIndex(index: string, key: string, name: string) {
  return { IndexName: index, ...withKey(key, name) };
}
