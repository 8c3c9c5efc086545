import type { Faults } from "../faults/faults.ts";
import type { DynamoDbResponse } from "./dynamodb-engine.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const FAILURES = {
  databaseThrottled: failure(
    400,
    "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
  ),
  databaseError: failure(500, "InternalServerError", "Internal server error"),
} as const;

/** Makes a call of DynamoDB, unless a fault strikes it: then it is not made, or its answer waits. */
export async function executeDespiteFaults(
  faults: Faults,
  operation: string,
  execute: () => Promise<DynamoDbResponse>,
): Promise<DynamoDbResponse> {
  const names = ["databaseThrottled", "databaseError", "slowDatabase"] as const;
  const fault = faults.strike(names, { subject: operation });
  if (fault === "databaseThrottled" || fault === "databaseError") {
    return FAILURES[fault];
  }
  const response = await execute();
  if (fault === "slowDatabase") {
    await faults.delay(fault);
  }
  return response;
}

function failure(status: number, name: string, message: string): DynamoDbResponse {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message });
  return { status, headers: { "Content-Type": "application/x-amz-json-1.0" }, body };
}
