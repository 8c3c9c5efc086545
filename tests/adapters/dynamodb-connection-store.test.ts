import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { startAnsweringServer } from "../support/start-answering-server.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";

const CONNECTION = { connectionId: "alice=", registeredAt: 1, expiresAt: 2 };

describe("DynamoDbConnectionStore rejects", () => {
  test("when the table is not there", async () => {
    const { client, close } = await startRelayDatabase();
    const store = new DynamoDbConnectionStore("no-such-table", client);
    await expect(store.add(CONNECTION)).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(store.removeRegisteredBefore(1, "alice=")).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
    await close();
  });

  test("when nobody listens", async () => {
    const { tableName, client, close } = await startRelayDatabase();
    await close();
    const store = new DynamoDbConnectionStore(tableName, client);
    await expect(store.add(CONNECTION)).rejects.toThrow("ECONNREFUSED");
    await expect(store.remove("alice=")).rejects.toThrow("ECONNREFUSED");
  });

  test("when a call is never answered, after a second try", async () => {
    const { endpoint, posts, close } = await startAnsweringServer("silence");
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const store = new DynamoDbConnectionStore("t", { endpoint, credentials, region: "us-east-1" });
    await expect(store.add(CONNECTION)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(posts).toHaveLength(2);
    await close();
  });
});
