import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../domain/ports.ts";
import { dropIdleSockets } from "../idle-sockets.ts";

/** The time that one try may take until its answer begins, in milliseconds. */
const TRY_TIMEOUT = 1500;

/**
 * What the stores need of the AWS SDK: a client, and the commands to send with it. A store imports this module when it
 * makes its first call, since the client takes a good part of a cold start, and most raw forwards need no table.
 *
 * `config` is the SDK's own; `clock` is the wall clock, by which idle sockets are dropped; `attempts` is how often a call is
 * tried, the first try included.
 */
export function createSdk(config: DynamoDBClientConfig, clock: Clock, attempts: number) {
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
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions });
  return {
    client,
    BatchGetCommand,
    BatchWriteCommand,
    ConditionalCheckFailedException,
    DeleteCommand,
    GetCommand,
    PutCommand,
    QueryCommand,
    UpdateCommand,
  };
}

/** The client, and the commands to send with it. */
export type Sdk = ReturnType<typeof createSdk>;
