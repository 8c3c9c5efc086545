import { lazy } from "../lazy.ts";
import type { DynamoDbTable } from "./dynamodb-table.ts";

/** The time that one method may take in all, with all its calls, their tries and the waits between them, in milliseconds. */
export const CALL_TIMEOUT = 4000;

/** A table whose module is loaded when the first call needs it. The arguments are those of `DynamoDbTable`. */
export function lazyTable(
  ...settings: ConstructorParameters<typeof DynamoDbTable>
): () => Promise<DynamoDbTable> {
  return lazy(async () => new (await import("./dynamodb-table.ts")).DynamoDbTable(...settings));
}

/** When a method of a store must have ended: at its deadline, or after its usual time if that is earlier. */
export function endOf(deadline = Number.POSITIVE_INFINITY): number {
  return Math.min(deadline, Date.now() + CALL_TIMEOUT);
}

/** `time`, in milliseconds, as DynamoDB's time to live has it: in whole seconds. */
export function inSeconds(time: number): number {
  return Math.floor(time / 1000);
}
