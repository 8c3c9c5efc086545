import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";
import { connectionStoreContract } from "./connection-store-contract.ts";

let database: Awaited<ReturnType<typeof startRelayDatabase>>;

beforeEach(async () => {
  database = await startRelayDatabase();
});

afterEach(() => database[Symbol.asyncDispose]());

connectionStoreContract(
  "DynamoDbConnectionStore",
  async () => new DynamoDbConnectionStore(database.tableName, database.client),
);
