import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Connection } from "../domain/connection.ts";
import type { ConnectionStore } from "../domain/ports/connection-store.ts";

/** Tries of one call, the first included. Every call here may be repeated without harm. */
const ATTEMPTS = 2;
/** The time that one try may take to connect, and then to be answered, in milliseconds. */
const CONNECT_TIMEOUT = 1000;
const REQUEST_TIMEOUT = 1000;
/** The longest that the SDK waits between two tries, in milliseconds: its base delay after throttling. */
const LONGEST_BACKOFF = 500;

/** The connection store on one DynamoDB table, whose partition key is `connectionId`. */
export class DynamoDbConnectionStore implements ConnectionStore {
  /** The longest that one call can take, in milliseconds. */
  static readonly longestCall =
    ATTEMPTS * (CONNECT_TIMEOUT + REQUEST_TIMEOUT) + (ATTEMPTS - 1) * LONGEST_BACKOFF;

  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  /** `client` is the SDK's own configuration (endpoint, region, credentials); what is absent, the SDK finds itself. */
  constructor(tableName: string, client: DynamoDBClientConfig) {
    this.#tableName = tableName;
    this.#client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        ...client,
        maxAttempts: ATTEMPTS,
        requestHandler: {
          connectionTimeout: CONNECT_TIMEOUT,
          requestTimeout: REQUEST_TIMEOUT,
          // Without it a slow request is only warned about.
          throwOnRequestTimeout: true,
        },
      }),
    );
  }

  async add(connection: Connection): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#tableName, Item: connection }));
  }

  async remove(connectionId: string): Promise<void> {
    await this.#client.send(
      new DeleteCommand({ TableName: this.#tableName, Key: { connectionId } }),
    );
  }

  async removeRegisteredBefore(time: number, connectionId: string): Promise<void> {
    try {
      await this.#client.send(
        new DeleteCommand({
          TableName: this.#tableName,
          Key: { connectionId },
          ConditionExpression: "registeredAt < :time",
          ExpressionAttributeValues: { ":time": time },
        }),
      );
    } catch (error) {
      // Too young, or not there at all: both are what was asked for.
      if (!(error instanceof ConditionalCheckFailedException)) {
        throw error;
      }
    }
  }
}
