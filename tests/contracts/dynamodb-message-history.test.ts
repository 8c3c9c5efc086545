import { DynamoDbMessageHistory } from "../../src/adapters/dynamodb-message-history.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";
import { messageHistoryContract } from "./message-history-contract.ts";

let database: Awaited<ReturnType<typeof startRelayDatabase>>;

beforeEach(async () => {
  database = await startRelayDatabase({ HistoryHours: "24" });
});

afterEach(() => database[Symbol.asyncDispose]());

messageHistoryContract(
  "DynamoDbMessageHistory",
  async () => new DynamoDbMessageHistory(database.messagesTable, database.client),
);
