import { Disconnect } from "../../src/domain/use-cases/disconnect.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";

describe("Disconnect", () => {
  test("forgets the connection, leaves the others, and says good-bye", async () => {
    const store = new InMemoryConnectionStore();
    await store.add({ connectionId: "alice=", registeredAt: 1, expiresAt: 2 });
    await store.add({ connectionId: "bob=", registeredAt: 1, expiresAt: 2 });

    await new Disconnect(store).execute({ connectionId: "alice=" });
    expect([...store.connections.keys()]).toEqual(["bob="]);
  });

  test("rejects with the store's own error when the store fails", async () => {
    const store = new InMemoryConnectionStore();
    store.failure = new Error("The store is away.");
    await expect(new Disconnect(store).execute({ connectionId: "alice=" })).rejects.toBe(
      store.failure,
    );
  });

  test("takes an unknown connection for gone", async () => {
    const disconnect = new Disconnect(new InMemoryConnectionStore());
    await expect(disconnect.execute({ connectionId: "nobody=" })).resolves.toBeUndefined();
  });
});
