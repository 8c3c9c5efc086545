import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startLocalGateway } from "websocket-api-local";

let gateway;

beforeEach(async () => {
  gateway = await startLocalGateway({ template: "template.yaml", quiet: true });
});

afterEach(() => gateway.close());

test("all bidders see a higher bid, and whose it is", async () => {
  const anna = await gateway.connect();
  const ben = await gateway.connect();
  anna.sendJson({ action: "bid", amount: 10 });
  expect(await anna.nextJson()).toEqual({ highest: 10, yours: true });
  expect(await ben.nextJson()).toEqual({ highest: 10, yours: false });
  ben.sendJson({ action: "bid", amount: 11 });
  expect(await anna.nextJson()).toEqual({ highest: 11, yours: false });
});

test("a bid that is not higher is rejected, and nobody else sees it", async () => {
  const anna = await gateway.connect();
  anna.sendJson({ action: "bid", amount: 10 });
  expect(await anna.nextJson()).toEqual({ highest: 10, yours: true });

  const ben = await gateway.connect();
  for (const amount of [9, 10]) {
    ben.sendJson({ action: "bid", amount });
    expect(await ben.nextJson()).toEqual({ error: "Another bid is as high, or higher." });
  }
  ben.sendJson({ action: "bid", amount: 11 });
  expect(await anna.nextJson()).toEqual({ highest: 11, yours: false });
});

test.each([undefined, "10", 0, -1, 1.5])("an amount of %j is rejected", async (amount) => {
  const anna = await gateway.connect();
  anna.sendJson({ action: "bid", amount });
  expect(await anna.nextJson()).toEqual({ error: "The amount must be a whole number from 1." });
});

test("a bidder who leaves is forgotten", async () => {
  const anna = await gateway.connect();
  expect(await itemsOfTable()).toHaveLength(1);
  anna.close();
  await vi.waitFor(async () => expect(await itemsOfTable()).toEqual([]), 10_000);
});

/** Reads the table as the function does, with the credentials that the gateway has for developers. */
async function itemsOfTable() {
  const [TableName] = gateway.tableNames;
  const client = new DynamoDBClient({
    endpoint: gateway.dynamodbUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const { Items } = await DynamoDBDocumentClient.from(client).send(new ScanCommand({ TableName }));
  return Items;
}
