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
import type { Item } from "./dynamodb/dynamodb-table.ts";
import { CALL_TIMEOUT, endOf, lazyTable } from "./dynamodb/lazy-table.ts";
import {
  isRegistration,
  keyOf,
  membershipItem,
  membershipKey,
  registrationItem,
  registrationKey,
  toConnection,
  toListed,
  toMembership,
} from "./dynamodb-connection-store/items.ts";

type Query = Omit<QueryCommandInput, "TableName">;

/**
 * Tries of one call, the first included. The first may have been done although its answer was lost: a write may come twice
 * without harm, but what an answer says of the state before it is not certain after a second try.
 */
const ATTEMPTS = 2;
/** Connections that one query asks for: with two of them it is known whether one invocation can deliver to all. */
const PAGE = 501;
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

  readonly #table: ReturnType<typeof lazyTable>;

  /**
   * `config` is the SDK's own (endpoint, region, credentials); what is absent, the SDK finds itself. `clock` is the wall
   * clock, by which idle sockets are dropped.
   */
  constructor(tableName: string, config: DynamoDBClientConfig = {}, clock: Clock = Date.now) {
    this.#table = lazyTable(tableName, config, clock, ATTEMPTS);
  }

  async add(connection: Connection, memberships: readonly Membership[]): Promise<void> {
    const items = [registrationItem(connection), ...memberships.map(membershipItem)];
    const puts = items.map((item) => ({ PutRequest: { Item: item } }));
    await (await this.#table()).write(puts, endOf());
  }

  async join(memberships: readonly Membership[], deadline: number): Promise<void> {
    const puts = memberships.map((it) => ({ PutRequest: { Item: membershipItem(it) } }));
    await (await this.#table()).write(puts, endOf(deadline));
  }

  async leave(
    connectionId: string,
    channel: string,
    deadline: number,
  ): Promise<Membership | "unknown" | undefined> {
    const key = membershipKey(connectionId, channel);
    const { item, isFirstTry } = await (await this.#table()).delete(key, endOf(deadline));
    return item === undefined && !isFirstTry ? "unknown" : item && toMembership(item);
  }

  async find(connectionId: string, deadline: number): Promise<Connection | undefined> {
    const item = await (await this.#table()).get(registrationKey(connectionId), endOf(deadline));
    return item && toConnection(item);
  }

  async findMembership(
    connectionId: string,
    channel: string,
    deadline: number,
  ): Promise<Membership | undefined> {
    const key = membershipKey(connectionId, channel);
    const item = await (await this.#table()).get(key, endOf(deadline));
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

  async *findAll(
    group: Group,
    deadline: number,
    after?: string,
  ): AsyncGenerator<ListedConnection[]> {
    const query =
      "user" in group
        ? inIndex("userIndex", "registeredUser", group.user)
        : inIndex("channelIndex", "joinedChannel", group.channel);
    const first = after ? startAfter(after, group) : undefined;
    for await (const items of this.#query(query, deadline, first)) {
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
      ExclusiveStartKey: after === undefined ? undefined : startAfter(after, { channel }),
    };
    const table = await this.#table();
    const { Items = [], LastEvaluatedKey } = await table.query(query, endOf(deadline));
    return { members: Items.map(toMembership), next: LastEvaluatedKey?.connectionId };
  }

  async findWatchers(channel: string, deadline: number): Promise<readonly ListedConnection[]> {
    const query = inIndex("watchIndex", "watchedChannel", channel);
    return (await this.#queryAll(query, endOf(deadline))).map(toListed);
  }

  async countMessage(
    connectionId: string,
    { now, limit }: { readonly now: number; readonly limit: number },
    deadline: number,
  ): Promise<Connection | "limited" | undefined> {
    const minute = Math.floor(now / MINUTE);
    // API Gateway closes a connection that is silent for longer than these minutes, so no older count is left behind.
    const [first, ...earlier] = Array.from({ length: KEPT_MINUTES }, (_, age) => `#m${age}`);
    const names = [first, ...earlier].map((it, age) => [it, `messages${minute - age}`]);
    const update = {
      Key: registrationKey(connectionId),
      UpdateExpression: `ADD ${first} :one REMOVE ${earlier.join(", ")}`,
      ConditionExpression: "expiresAt > :now",
      ExpressionAttributeNames: Object.fromEntries(names),
      ExpressionAttributeValues: { ":one": 1, ":now": now / 1000 },
      ReturnValues: "ALL_NEW",
    } as const;
    const updated = await (await this.#table()).update(update, endOf(deadline));
    if (updated === undefined) {
      return undefined;
    }
    const { item = {}, isFirstTry } = updated;
    // A second try may have counted the message twice.
    const most = isFirstTry ? limit : limit + 1;
    return Number(item[`messages${minute}`]) > most ? "limited" : toConnection(item);
  }

  async remove(connectionId: string, deadline?: number): Promise<readonly Membership[]> {
    const end = endOf(deadline);
    const table = await this.#table();
    await table.delete(registrationKey(connectionId), end);
    // A subscribe at the same time looks for the registration afterwards, and removes the membership that this misses.
    const left = await this.#itemsOf(connectionId, end);
    const deletes = left.map((item) => ({ DeleteRequest: { Key: keyOf(item) } }));
    await table.write(deletes, end);
    return left.filter((item) => !isRegistration(item)).map(toMembership);
  }

  /** Every item of a connection, in one consistent query. */
  async #itemsOf(connectionId: string, end: number): Promise<readonly Item[]> {
    const query = { ...withKey("connectionId", connectionId), ConsistentRead: true };
    return await this.#queryAll(query, end);
  }

  async #queryAll(query: Query, end: number): Promise<readonly Item[]> {
    const items: Item[] = [];
    for await (const page of this.#query(query, end)) {
      items.push(...page);
    }
    return items;
  }

  async *#query(
    query: Query,
    deadline: number,
    first?: QueryCommandOutput["LastEvaluatedKey"],
  ): AsyncGenerator<Item[]> {
    const table = await this.#table();
    let last = first;
    do {
      const input = { Limit: PAGE, ...query, ExclusiveStartKey: last };
      const page = await table.query(input, endOf(deadline));
      yield page.Items ?? [];
      last = page.LastEvaluatedKey;
    } while (last !== undefined);
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

/** Where the entries of a group's index go on after a connection, which need not be in it any more. */
function startAfter(connectionId: string, group: Group) {
  return "user" in group
    ? { registeredUser: group.user, ...registrationKey(connectionId) }
    : { joinedChannel: group.channel, ...membershipKey(connectionId, group.channel) };
}
