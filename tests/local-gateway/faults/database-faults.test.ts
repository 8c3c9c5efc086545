import {
  DynamoDBServiceException,
  GetItemCommand,
  InternalServerError,
  ProvisionedThroughputExceededException,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { Faults, type FaultTrigger } from "../../../local-gateway/faults/faults.ts";
import type { FaultSettings } from "../../../local-gateway/faults/settings.ts";
import { PEOPLE, startDatabase } from "../dynamodb/start-database.ts";
import { Inbox } from "../support/inbox.ts";

const ADA = { id: { S: "ada" } };
const PUT = new PutItemCommand({ TableName: PEOPLE.tableName, Item: ADA });
const GET = new GetItemCommand({ TableName: PEOPLE.tableName, Key: ADA });

async function startFaultyDatabase(settings: FaultSettings) {
  const triggers = new Inbox<FaultTrigger>();
  const faults = new Faults(settings, (trigger) => triggers.put(trigger));
  const operations: string[] = [];
  const started = await startDatabase({
    faults,
    onRequest: ({ operation }) => operations.push(operation),
  });
  return {
    client: started.client,
    url: started.database.url,
    faults,
    triggers,
    operations,
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

test.each([
  ["databaseThrottled", ProvisionedThroughputExceededException, 400],
  ["databaseError", InternalServerError, 500],
] as const)("%s answers as DynamoDB does, and nothing is done", async (name, error, status) => {
  await using database = await startFaultyDatabase({ [name]: 1 });
  const failure = await database.client.send(PUT).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(error);
  expect(failure).toBeInstanceOf(DynamoDBServiceException);
  expect(failure).toMatchObject({ $metadata: { httpStatusCode: status } });
  expect(await database.triggers.take()).toEqual({ fault: name, subject: "PutItem" });
  expect(database.operations).toEqual([]);
});

test("slowDatabase does the call at once and answers late", async () => {
  await using database = await startFaultyDatabase({
    slowDatabase: { share: 1, milliseconds: 3e6 },
  });
  const put = database.client.send(PUT).then(() => "answered");
  expect((await database.triggers.take()).fault).toBe("slowDatabase");
  await fetch(database.url);
  expect(await Promise.race([put, Promise.resolve("waiting")])).toBe("waiting");
  expect(database.operations).toEqual(["PutItem"]);
  database.faults.endDelays();
  expect(await put).toBe("answered");
  expect((await database.client.send(GET)).Item).toEqual(ADA);
});
