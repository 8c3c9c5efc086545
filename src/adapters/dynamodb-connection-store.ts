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
/** The time that one try may take until its answer begins, in milliseconds. */
const TRY_TIMEOUT = 1500;
/** The time that one call may take in all, with both tries and the wait between them, in milliseconds. */
const CALL_TIMEOUT = 4000;

/** The connection store on one DynamoDB table, whose partition key is `connectionId`. */
export class DynamoDbConnectionStore implements ConnectionStore {
  /** The longest that one call can take, in milliseconds. */
  static readonly longestCall = CALL_TIMEOUT;

  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  /** `client` is the SDK's own configuration (endpoint, region, credentials); what is absent, the SDK finds itself. */
  constructor(tableName: string, client: DynamoDBClientConfig = {}) {
    this.#tableName = tableName;
    this.#client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        ...client,
        maxAttempts: ATTEMPTS,
        requestHandler: {
          requestTimeout: TRY_TIMEOUT,
          // Without it a slow request is only warned about.
          throwOnRequestTimeout: true,
        },
      }),
    );
  }

  async add(connection: Connection): Promise<void> {
    await this.#client.send(
      new PutCommand({ TableName: this.#tableName, Item: connection }),
      deadline(),
    );
  }

  async remove(connectionId: string): Promise<void> {
    await this.#client.send(
      new DeleteCommand({ TableName: this.#tableName, Key: { connectionId } }),
      deadline(),
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
        deadline(),
      );
    } catch (error) {
      // Too young, or not there at all: both are what was asked for.
      if (!(error instanceof ConditionalCheckFailedException)) {
        throw error;
      }
    }
  }
}

/** The SDK's own timeouts end when an answer begins, but an answer may never end. */
function deadline(): { readonly abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(CALL_TIMEOUT) };
}
