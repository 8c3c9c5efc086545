import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { DynamoDbFanOutStore } from "../../src/adapters/dynamodb-fan-out-store.ts";
import { noOutcomes } from "../../src/domain/receipt.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";
import { fanOutStoreContract } from "./fan-out-store-contract.ts";

const LATER = Date.now() + 3_600_000;

let database: Awaited<ReturnType<typeof startRelayDatabase>>;

beforeEach(async () => {
  database = await startRelayDatabase();
});

afterEach(() => database[Symbol.asyncDispose]());

const assemble = async () => new DynamoDbFanOutStore(database.tableName, database.client);

fanOutStoreContract("DynamoDbFanOutStore", assemble);

test("DynamoDbFanOutStore lets every item end by itself, an hour later", async () => {
  const store = new DynamoDbFanOutStore(database.tableName, database.client, () => 1_000_500);
  await store.takeSlot({ length: 1, earliest: 1, latest: 1 }, LATER);
  await store.saveProgress("r1=", { after: "a=", targets: 1 }, LATER);
  await store.report("r1=", { after: "", outcomes: noOutcomes() }, LATER);
  const table = DynamoDBDocumentClient.from(new DynamoDBClient(database.client));
  const { Items = [] } = await table.send(new ScanCommand({ TableName: database.tableName }));
  expect(Items.map(({ expiresAt }) => expiresAt)).toEqual([4600, 4600, 4600]);
});

test("DynamoDbFanOutStore rejects what has not ended by its deadline", async () => {
  const store = await assemble();
  const past = Date.now() - 1;
  await expect(store.takeSlot({ length: 1, earliest: 1, latest: 1 }, past)).rejects.toThrow();
  await expect(store.findProgress("r1=", past)).rejects.toThrow();
  await expect(store.saveProgress("r1=", { after: "", targets: 0 }, past)).rejects.toThrow();
  await expect(store.findReports("r1=", past)).rejects.toThrow();
  await expect(store.report("r1=", { after: "", outcomes: noOutcomes() }, past)).rejects.toThrow();
});
