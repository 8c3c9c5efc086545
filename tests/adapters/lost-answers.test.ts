import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { startLeavingProxy } from "../support/start-leaving-proxy.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";

/** More time than any call takes. */
const LATER = Date.now() + 3_600_000;
const CONNECTION = { connectionId: "alice=", registeredAt: 1, expiresAt: LATER };
const MEMBERSHIP = {
  connectionId: "alice=",
  channel: "lobby",
  since: 1,
  expiresAt: LATER,
  presence: false,
};

let database: Awaited<ReturnType<typeof startRelayDatabase>>;
let proxy: Awaited<ReturnType<typeof startLeavingProxy>>;
let store: DynamoDbConnectionStore;

beforeEach(async () => {
  database = await startRelayDatabase();
  proxy = await startLeavingProxy(database.client);
  store = new DynamoDbConnectionStore(database.tableName, proxy.config);
  await store.add(CONNECTION, [MEMBERSHIP]);
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe("When the answer of DynamoDB gets lost, and the SDK repeats the call,", () => {
  test("nobody knows whether there was a membership that is gone now", async () => {
    proxy.loses = "DeleteItem";
    expect(await store.leave("alice=", "lobby", LATER)).toBe("unknown");
    expect(await store.findMembership("alice=", "lobby", LATER)).toBeUndefined();
    expect(await store.leave("alice=", "lobby", LATER)).toBeUndefined();
  });

  test("a message that may have been counted already is not one too many", async () => {
    const count = { now: Date.now(), limit: 1 };
    proxy.loses = "UpdateItem";
    expect(await store.countMessage("alice=", count, LATER)).toMatchObject({
      connectionId: "alice=",
    });
    expect(proxy.loses).toBeUndefined();
    expect(await store.countMessage("alice=", count, LATER)).toBe("limited");
  });
});
