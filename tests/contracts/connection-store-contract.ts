import type { Group } from "../../protocol/frames.ts";
import type { Connection } from "../../src/domain/connection.ts";
import type { ConnectionStore } from "../../src/domain/ports.ts";

/** A store under the contract, and a look at what is in it that does not go through the store. */
export interface ConnectionStoreAssembly {
  readonly store: ConnectionStore;
  find(connectionId: string): Promise<Connection | undefined>;
}

/** More time than any call takes. */
const LATER = Date.now() + 3_600_000;

/** What every connection store does. `assemble` gives an empty one each time. */
export function connectionStoreContract(
  name: string,
  assemble: () => Promise<ConnectionStoreAssembly>,
): void {
  describe(`${name} keeps the contract of a connection store: it`, () => {
    test("keeps what was added, to the letter", async () => {
      const { store } = await assemble();
      const connection = {
        connectionId: "C5_1-herHNjMCI3Q=",
        registeredAt: 1795341600123,
        expiresAt: 1795349400000,
      };
      await store.add(connection);
      expect(await store.find(connection.connectionId, LATER)).toEqual(connection);
    });

    test("ends a registration less than a second early, and never late", async () => {
      const { store } = await assemble();
      await store.add({ ...connection("alice="), channel: "lobby", expiresAt: 1795349400999 });
      const found = await store.find("alice=", LATER);
      expect(found?.expiresAt).toBeGreaterThanOrEqual(1795349400000);
      expect(found?.expiresAt).toBeLessThanOrEqual(1795349400999);
      for await (const [listed] of store.findAll({ channel: "lobby" }, LATER)) {
        expect(listed?.expiresAt).toBe(found?.expiresAt);
      }
    });

    test("keeps the second of two registrations of one connection", async () => {
      const { store } = await assemble();
      await store.add({ connectionId: "alice=", registeredAt: 1, expiresAt: 2000 });
      await store.add({ connectionId: "alice=", registeredAt: 3, expiresAt: 4000 });
      expect(await store.find("alice=", LATER)).toEqual({
        connectionId: "alice=",
        registeredAt: 3,
        expiresAt: 4000,
      });
    });

    test("distinguishes connections that differ only by case", async () => {
      const { store, find } = await assemble();
      await store.add({ connectionId: "Alice=", registeredAt: 1, expiresAt: 2000 });
      expect(await find("alice=")).toBeUndefined();
    });

    test("keeps every one of many that are added at once", async () => {
      const { store, find } = await assemble();
      const ids = Array.from({ length: 50 }, (_, index) => `connection-${index}=`);
      await Promise.all(
        ids.map((connectionId) => store.add({ connectionId, registeredAt: 1, expiresAt: 2000 })),
      );
      const found = await Promise.all(ids.map((connectionId) => find(connectionId)));
      expect(found.map((connection) => connection?.connectionId)).toEqual(ids);
    });

    test("forgets what is removed, and nothing else", async () => {
      const { store, find } = await assemble();
      await store.add({ connectionId: "alice=", registeredAt: 1, expiresAt: 2000 });
      await store.add({ connectionId: "bob=", registeredAt: 1, expiresAt: 2000 });
      await store.remove("alice=");
      expect(await find("alice=")).toBeUndefined();
      expect(await find("bob=")).toBeDefined();
    });

    test("takes the removal of the unknown for done", async () => {
      const { store } = await assemble();
      await expect(store.remove("nobody=")).resolves.toBeUndefined();
    });

    test("finds what was added, with its names or without them", async () => {
      const { store } = await assemble();
      const named = { ...connection("alice="), user: "alice", channel: "lobby" };
      await store.add(named);
      await store.add(connection("bob="));
      expect(await store.find("alice=", LATER)).toEqual(named);
      expect(await store.find("bob=", LATER)).toEqual(connection("bob="));
    });

    test("finds at once what was added, replaced and removed", async () => {
      const { store } = await assemble();
      await store.add({ ...connection("alice="), channel: "lobby" });
      await store.add({ ...connection("alice="), channel: "library" });
      expect(await store.find("alice=", LATER)).toMatchObject({ channel: "library" });
      await store.remove("alice=");
      expect(await store.find("alice=", LATER)).toBeUndefined();
    });

    test("rejects when there is no time left, and has done nothing", async () => {
      const { store, find } = await assemble();
      await store.add({ ...connection("alice="), channel: "lobby" });
      const past = Date.now() - 1;
      await expect(store.find("alice=", past)).rejects.toThrow();
      await expect(store.remove("alice=", past)).rejects.toThrow();
      const pages = store.findAll({ channel: "lobby" }, past)[Symbol.asyncIterator]();
      await expect(pages.next()).rejects.toThrow();
      expect(await find("alice=")).toBeDefined();
    });

    test("finds nothing of the unknown", async () => {
      const { store } = await assemble();
      expect(await store.find("nobody=", LATER)).toBeUndefined();
      expect(await idsOf(store, { user: "nobody" })).toEqual([]);
      expect(await idsOf(store, { channel: "nowhere" })).toEqual([]);
    });

    test("finds all connections of a user, and all in a channel, and no others", async () => {
      const { store } = await assemble();
      await store.add({ ...connection("a1="), user: "alice", channel: "lobby" });
      await store.add({ ...connection("a2="), user: "alice", channel: "library" });
      await store.add({ ...connection("b="), user: "bob", channel: "lobby" });
      await store.add({ ...connection("c="), channel: "lobby" });
      await store.add({ ...connection("l="), user: "lobby", channel: "alice" });
      await store.add(connection("n="));
      expect(await idsOf(store, { user: "alice" })).toEqual(["a1=", "a2="]);
      expect(await idsOf(store, { channel: "lobby" })).toEqual(["a1=", "b=", "c="]);
    });

    test("distinguishes names to the letter", async () => {
      const { store } = await assemble();
      await store.add({ ...connection("a="), user: "Alice" });
      await store.add({ ...connection("b="), user: "alice|b" });
      expect(await idsOf(store, { user: "alice" })).toEqual([]);
      expect(await idsOf(store, { user: "alice|b" })).toEqual(["b="]);
    });

    test("finds with each connection when its registration ends", async () => {
      const { store } = await assemble();
      await store.add({ ...connection("alice="), channel: "lobby", expiresAt: 77_000 });
      for await (const [first] of store.findAll({ channel: "lobby" }, LATER)) {
        expect(first).toMatchObject({ connectionId: "alice=", expiresAt: 77_000 });
      }
    });

    test("finds a channel of many pages whole, each member once", async () => {
      const { store } = await assemble();
      const ids = Array.from({ length: 1200 }, (_, index) => `connection-${index}=`).sort();
      // All at once, they would wait for one another longer than a store may take for one of them.
      for (let first = 0; first < ids.length; first += 50) {
        const some = ids.slice(first, first + 50).map((id) => connection(id));
        await Promise.all(some.map((one) => store.add({ ...one, channel: "lobby" })));
      }
      expect(await idsOf(store, { channel: "lobby" })).toEqual(ids);
    }, 30_000);

    test("finds nobody in a channel who has been forgotten", async () => {
      const { store } = await assemble();
      await store.add({ ...connection("alice="), channel: "lobby" });
      await store.add({ ...connection("bob="), channel: "lobby" });
      await store.remove("alice=");
      await store.remove("bob=", LATER);
      expect(await idsOf(store, { channel: "lobby" })).toEqual([]);
    });
  });
}

function connection(connectionId: string): Connection {
  return { connectionId, registeredAt: 1, expiresAt: 2000 };
}

async function idsOf(store: ConnectionStore, group: Group): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of store.findAll(group, LATER)) {
    ids.push(...page.map(({ connectionId }) => connectionId));
  }
  return ids.sort();
}
