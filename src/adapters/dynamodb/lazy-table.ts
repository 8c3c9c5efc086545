import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../domain/ports.ts";
import type { DynamoDbTable } from "./dynamodb-table.ts";

/** The time that one method may take in all, with all its calls, their tries and the waits between them, in milliseconds. */
export const CALL_TIMEOUT = 4000;

/**
 * A table whose module, with the SDK, is loaded when the first call needs it: the client takes a good part of a cold start,
 * and most raw forwards need no table. The arguments are those of `DynamoDbTable`.
 */
export function lazyTable(
  name: string,
  config: DynamoDBClientConfig,
  clock: Clock,
  attempts: number,
): () => Promise<DynamoDbTable> {
  let table: Promise<DynamoDbTable> | undefined;
  return async () => {
    table ??= import("./dynamodb-table.ts").then(
      ({ DynamoDbTable }) => new DynamoDbTable(name, config, clock, attempts),
    );
    try {
      return await table;
    } catch (error) {
      // The next call tries again.
      table = undefined;
      throw error;
    }
  };
}

/** When a method of a store must have ended: at its deadline, or after its usual time if that is earlier. */
export function endOf(deadline = Number.POSITIVE_INFINITY): number {
  return Math.min(deadline, Date.now() + CALL_TIMEOUT);
}

/** `time`, in milliseconds, as DynamoDB's time to live has it: in whole seconds. */
export function inSeconds(time: number): number {
  return Math.floor(time / 1000);
}
