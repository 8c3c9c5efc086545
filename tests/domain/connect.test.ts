import { Connect } from "../../src/domain/use-cases/connect.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0, 250);

describe("Connect", () => {
  test("registers the connection for two hours and ten minutes and greets it", async () => {
    const store = new InMemoryConnectionStore();
    const connect = new Connect(store, () => NOW);

    expect(await connect.execute({ connectionId: "alice=" })).toBe(
      "Connected! Hello WebSocket App!",
    );
    expect([...store.connections.values()]).toEqual([
      { connectionId: "alice=", registeredAt: NOW, expiresAt: Math.floor(NOW / 1000) + 7800 },
    ]);
  });

  test("registers a connection once when the same event comes twice", async () => {
    const store = new InMemoryConnectionStore();
    const connect = new Connect(store, () => NOW);

    await connect.execute({ connectionId: "alice=" });
    await connect.execute({ connectionId: "alice=" });

    expect(store.connections.size).toBe(1);
  });

  test("rejects with the store's own error when the store fails", async () => {
    const store = new InMemoryConnectionStore();
    store.failure = new Error("The store is away.");

    await expect(new Connect(store, () => NOW).execute({ connectionId: "alice=" })).rejects.toBe(
      store.failure,
    );
  });

  test("rejects with the store's first error when the clean-up fails, too", async () => {
    class BrokenStore extends InMemoryConnectionStore {
      override async add() {
        throw new Error("The write failed.");
      }
      override async remove() {
        throw new Error("The clean-up failed.");
      }
    }
    await expect(
      new Connect(new BrokenStore(), () => NOW).execute({ connectionId: "alice=" }),
    ).rejects.toThrow("The write failed.");
  });

  test("takes back a registration that was made but never confirmed", async () => {
    class ForgetfulStore extends InMemoryConnectionStore {
      override async add(connection: Parameters<InMemoryConnectionStore["add"]>[0]) {
        await super.add(connection);
        throw new Error("The answer was lost.");
      }
    }
    const store = new ForgetfulStore();

    await expect(new Connect(store, () => NOW).execute({ connectionId: "alice=" })).rejects.toThrow(
      "The answer was lost.",
    );
    expect(store.connections.size).toBe(0);
  });
});
