import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
} from "@aws-sdk/lib-dynamodb";
import type { Group } from "../../protocol/frames.ts";
import type { Connection } from "../domain/connection.ts";
import type { Clock, ConnectionStore } from "../domain/ports.ts";
import { dropIdleSockets } from "./idle-sockets.ts";

/** Tries of one call, the first included. Every call here may be repeated without harm. */
const ATTEMPTS = 2;
/** The time that one try may take until its answer begins, in milliseconds. */
const TRY_TIMEOUT = 1500;
/** The time that one call may take in all, with both tries and the wait between them, in milliseconds. */
const CALL_TIMEOUT = 4000;

/** Connections that one query asks for: few enough to begin with the first ones soon. */
const PAGE = 500;

/**
 * The connection store on one DynamoDB table, whose partition key is `connectionId`. Its indexes `byUser` and
 * `byChannel` hold the connections that have a user or a channel, and no others.
 */
export class DynamoDbConnectionStore implements ConnectionStore {
  /** The longest that one call can take, in milliseconds. */
  static readonly longestCall = CALL_TIMEOUT;

  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  /**
   * `client` is the SDK's own configuration (endpoint, region, credentials); what is absent, the SDK finds itself. `clock`
   * is the wall clock, by which idle sockets are dropped.
   */
  constructor(tableName: string, client: DynamoDBClientConfig = {}, clock: Clock = Date.now) {
    this.#tableName = tableName;
    const dynamodb = new DynamoDBClient({
      ...client,
      maxAttempts: ATTEMPTS,
      requestHandler: {
        requestTimeout: TRY_TIMEOUT,
        // Without it a slow request is only warned about.
        throwOnRequestTimeout: true,
      },
    });
    dropIdleSockets(dynamodb, clock);
    // An index has no entry for an item that lacks its key, and rejects an empty one.
    this.#client = DynamoDBDocumentClient.from(dynamodb, {
      marshallOptions: { removeUndefinedValues: true },
    });
  }

  async add(connection: Connection): Promise<void> {
    await this.#client.send(
      new PutCommand({ TableName: this.#tableName, Item: connection }),
      deadline(),
    );
  }

  async find(connectionId: string, until: number): Promise<Connection | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#tableName, Key: { connectionId }, ConsistentRead: true }),
      deadline(until),
    );
    // What is in the table was put there by `add`.
    return Item as Connection | undefined;
  }

  async *findAll(
    group: Group,
    until: number,
  ): AsyncGenerator<Pick<Connection, "connectionId" | "expiresAt">[]> {
    const [index, key, name] =
      "user" in group ? ["byUser", "user", group.user] : ["byChannel", "channel", group.channel];
    let last: QueryCommandOutput["LastEvaluatedKey"];
    do {
      const page: QueryCommandOutput = await this.#client.send(
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
        deadline(until),
      );
      yield (page.Items ?? []) as Pick<Connection, "connectionId" | "expiresAt">[];
      last = page.LastEvaluatedKey;
    } while (last !== undefined);
  }

  async remove(connectionId: string, until?: number): Promise<void> {
    await this.#client.send(
      new DeleteCommand({ TableName: this.#tableName, Key: { connectionId } }),
      deadline(until),
    );
  }
}

/** The SDK's own timeouts end when an answer begins, but an answer may never end. */
function deadline(until = Number.POSITIVE_INFINITY): { readonly abortSignal: AbortSignal } {
  const left = until - Date.now();
  // A signal with no time left would be aborted only after the call has gone out.
  return {
    abortSignal: left > 0 ? AbortSignal.timeout(Math.min(left, CALL_TIMEOUT)) : AbortSignal.abort(),
  };
}
