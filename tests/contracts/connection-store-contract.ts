import type { Connection } from "../../src/domain/connection.ts";
import type { ConnectionStore } from "../../src/domain/ports/connection-store.ts";

/** A store under the contract, and a look at what is in it that does not go through the store. */
export interface ConnectionStoreAssembly {
  readonly store: ConnectionStore;
  find(connectionId: string): Promise<Connection | undefined>;
}

/** What every connection store does. `assemble` gives an empty one each time. */
export function connectionStoreContract(
  name: string,
  assemble: () => Promise<ConnectionStoreAssembly>,
): void {
  describe(`${name} keeps the contract of a connection store: it`, () => {
    test("keeps what was added, to the letter", async () => {
      const { store, find } = await assemble();
      const connection = {
        connectionId: "C5_1-herHNjMCI3Q=",
        registeredAt: 1795341600123,
        expiresAt: 1795349400,
      };
      await store.add(connection);
      expect(await find(connection.connectionId)).toEqual(connection);
    });

    test("keeps the second of two registrations of one connection", async () => {
      const { store, find } = await assemble();
      await store.add({ connectionId: "alice=", registeredAt: 1, expiresAt: 2 });
      await store.add({ connectionId: "alice=", registeredAt: 3, expiresAt: 4 });
      expect(await find("alice=")).toEqual({
        connectionId: "alice=",
        registeredAt: 3,
        expiresAt: 4,
      });
    });

    test("tells connections apart that differ only by case", async () => {
      const { store, find } = await assemble();
      await store.add({ connectionId: "Alice=", registeredAt: 1, expiresAt: 2 });
      expect(await find("alice=")).toBeUndefined();
    });

    test("keeps every one of many that are added at once", async () => {
      const { store, find } = await assemble();
      const ids = Array.from({ length: 50 }, (_, index) => `connection-${index}=`);
      await Promise.all(
        ids.map((connectionId) => store.add({ connectionId, registeredAt: 1, expiresAt: 2 })),
      );
      const found = await Promise.all(ids.map((connectionId) => find(connectionId)));
      expect(found.map((connection) => connection?.connectionId)).toEqual(ids);
    });

    test("forgets what is removed, and nothing else", async () => {
      const { store, find } = await assemble();
      await store.add({ connectionId: "alice=", registeredAt: 1, expiresAt: 2 });
      await store.add({ connectionId: "bob=", registeredAt: 1, expiresAt: 2 });
      await store.remove("alice=");
      expect(await find("alice=")).toBeUndefined();
      expect(await find("bob=")).toBeDefined();
    });

    test("takes the removal of the unknown for done", async () => {
      const { store } = await assemble();
      await expect(store.remove("nobody=")).resolves.toBeUndefined();
    });

    test("forgets a connection that was registered before the time", async () => {
      const { store, find } = await assemble();
      await store.add({ connectionId: "alice=", registeredAt: 999, expiresAt: 2 });
      await store.removeRegisteredBefore(1000, "alice=");
      expect(await find("alice=")).toBeUndefined();
    });

    test("keeps a connection that was registered at the time or later", async () => {
      const { store, find } = await assemble();
      await store.add({ connectionId: "alice=", registeredAt: 1000, expiresAt: 2 });
      await store.removeRegisteredBefore(1000, "alice=");
      expect(await find("alice=")).toBeDefined();
    });

    test("takes the conditional removal of the unknown for done, and registers nobody by it", async () => {
      const { store, find } = await assemble();
      await expect(store.removeRegisteredBefore(1000, "nobody=")).resolves.toBeUndefined();
      expect(await find("nobody=")).toBeUndefined();
    });
  });
}
