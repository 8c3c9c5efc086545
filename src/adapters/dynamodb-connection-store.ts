import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { QueryCommandOutput } from "@aws-sdk/lib-dynamodb";
import type { Group } from "../../protocol/frames.ts";
import type { Connection } from "../domain/connection.ts";
import type { Clock, ConnectionStore, ListedConnection } from "../domain/ports.ts";
import type { createSdk } from "./dynamodb-connection-store/dynamodb-client.ts";

/** The time that one call may take in all, with both tries and the wait between them, in milliseconds. */
const CALL_TIMEOUT = 4000;

/** Connections that one query asks for: few enough to begin with the first ones soon. */
const PAGE = 500;

type Sdk = ReturnType<typeof createSdk>;

/**
 * The connection store on one DynamoDB table, whose partition key is `connectionId`. Its indexes `byUser` and
 * `byChannel` hold the connections that have a user or a channel, and no others.
 *
 * DynamoDB deletes an item only days after its time to live is over.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class DynamoDbConnectionStore implements ConnectionStore {
  /** The longest that one call can take, in milliseconds. */
  static readonly longestCall = CALL_TIMEOUT;

  readonly #tableName: string;
  readonly #load: () => Promise<Sdk>;
  #sdk: Promise<Sdk> | undefined;

  /**
   * `config` is the SDK's own (endpoint, region, credentials); what is absent, the SDK finds itself. `clock` is the wall
   * clock, by which idle sockets are dropped.
   */
  constructor(tableName: string, config: DynamoDBClientConfig = {}, clock: Clock = Date.now) {
    this.#tableName = tableName;
    this.#load = async () => {
      const { createSdk } = await import("./dynamodb-connection-store/dynamodb-client.ts");
      return createSdk(config, clock);
    };
  }

  async add(connection: Connection): Promise<void> {
    const { client, PutCommand } = await this.#loaded();
    // DynamoDB's time to live is in whole seconds.
    const Item = { ...connection, expiresAt: Math.floor(connection.expiresAt / 1000) };
    await client.send(new PutCommand({ TableName: this.#tableName, Item }), endBy());
  }

  async find(connectionId: string, deadline: number): Promise<Connection | undefined> {
    const { client, GetCommand } = await this.#loaded();
    const { Item } = await client.send(
      new GetCommand({ TableName: this.#tableName, Key: { connectionId }, ConsistentRead: true }),
      endBy(deadline),
    );
    return Item === undefined ? undefined : inMilliseconds(Item as Connection);
  }

  async *findAll(group: Group, deadline: number): AsyncGenerator<ListedConnection[]> {
    const { client, QueryCommand } = await this.#loaded();
    const [index, key, name] =
      "user" in group ? ["byUser", "user", group.user] : ["byChannel", "channel", group.channel];
    let last: QueryCommandOutput["LastEvaluatedKey"];
    do {
      const page: QueryCommandOutput = await client.send(
        new QueryCommand({
          TableName: this.#tableName,
          IndexName: index,
          KeyConditionExpression: "#key = :name",
          // `user` is a reserved word.
          ExpressionAttributeNames: { "#key": key },
          ExpressionAttributeValues: { ":name": name },
          Limit: PAGE,
          ExclusiveStartKey: last,
        }),
        endBy(deadline),
      );
      yield ((page.Items ?? []) as ListedConnection[]).map(inMilliseconds);
      last = page.LastEvaluatedKey;
    } while (last !== undefined);
  }

  async remove(connectionId: string, deadline?: number): Promise<void> {
    const { client, DeleteCommand } = await this.#loaded();
    await client.send(
      new DeleteCommand({ TableName: this.#tableName, Key: { connectionId } }),
      endBy(deadline),
    );
  }

  async #loaded(): Promise<Sdk> {
    this.#sdk ??= this.#load();
    try {
      return await this.#sdk;
    } catch (error) {
      // The next call tries again.
      this.#sdk = undefined;
      throw error;
    }
  }
}

/** What `add` has put into the table, as it was. */
function inMilliseconds<Listed extends ListedConnection>(item: Listed): Listed {
  return { ...item, expiresAt: item.expiresAt * 1000 };
}

/**
 * Ends a call at its deadline, or after its usual time if that is earlier. The SDK's own timeouts end when an answer
 * begins, but an answer may never end.
 */
function endBy(deadline = Number.POSITIVE_INFINITY): { readonly abortSignal: AbortSignal } {
  const left = deadline - Date.now();
  // A signal with no time left would be aborted only after the call has gone out.
  return {
    abortSignal: left > 0 ? AbortSignal.timeout(Math.min(left, CALL_TIMEOUT)) : AbortSignal.abort(),
  };
}
