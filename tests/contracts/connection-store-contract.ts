import type { Group } from "../../protocol/frames.ts";
import type { Connection, Membership } from "../../src/domain/connection.ts";
import type { ConnectionStore } from "../../src/domain/ports.ts";

/** More time than any call takes. */
const LATER = Date.now() + 3_600_000;

/** What every connection store does. `assemble` gives an empty one each time. */
export function connectionStoreContract(
  name: string,
  assemble: () => Promise<ConnectionStore>,
): void {
  describe(`${name} keeps the contract of a connection store: it`, () => {
    test("keeps what was added, to the letter", async () => {
      const store = await assemble();
      const added = {
        connectionId: "C5_1-herHNjMCI3Q=",
        user: "alice",
        openChannels: ["lobby", "team-7:*"],
        registeredAt: 1795341600123,
        expiresAt: 1795349400000,
      };
      const joined = { ...membership(added.connectionId, "lobby"), since: 1795341600123 };
      await store.add(added, [joined]);
      expect(await store.find(added.connectionId, LATER)).toEqual(added);
      expect(await store.findMembership(added.connectionId, "lobby", LATER)).toEqual(joined);
      expect(await store.findStored(added.connectionId, LATER)).toEqual({
        connection: added,
        memberships: [joined],
      });
    });

    test("keeps a connection without a user and without channels", async () => {
      const store = await assemble();
      await store.add(connection("bob="), []);
      expect(await store.find("bob=", LATER)).toEqual(connection("bob="));
      expect(await store.findStored("bob=", LATER)).toEqual({
        connection: connection("bob="),
        memberships: [],
      });
    });

    test("ends a registration and a membership less than a second early, and never late", async () => {
      const store = await assemble();
      const expiresAt = 1795349400999;
      await store.add({ ...connection("alice="), expiresAt }, [
        { ...membership("alice=", "lobby"), expiresAt, presence: true },
      ]);
      const lobby = { channel: "lobby" };
      const [{ members }, [listed], [watcher]] = await Promise.all([
        store.findMembers("lobby", { after: undefined, limit: 1 }, LATER),
        listedIn(store, lobby),
        store.findWatchers("lobby", LATER),
      ]);
      const found = [
        await store.find("alice=", LATER),
        await store.findMembership("alice=", "lobby", LATER),
        members[0],
        listed,
        watcher,
      ];
      for (const it of found) {
        expect(it?.expiresAt).toBeGreaterThanOrEqual(1795349400000);
        expect(it?.expiresAt).toBeLessThanOrEqual(expiresAt);
        expect(it?.expiresAt).toBe(found[0]?.expiresAt);
      }
    });

    test("keeps the second of two registrations of one connection", async () => {
      const store = await assemble();
      await store.add({ ...connection("alice="), user: "alice" }, []);
      await store.add({ connectionId: "alice=", registeredAt: 3, expiresAt: 4000 }, []);
      expect(await store.find("alice=", LATER)).toEqual({
        connectionId: "alice=",
        registeredAt: 3,
        expiresAt: 4000,
      });
      expect(await idsOf(store, { user: "alice" })).toEqual([]);
    });

    test("keeps the second of two memberships of one connection in one channel", async () => {
      const store = await assemble();
      await store.join([{ ...membership("alice=", "lobby"), presence: true }], LATER);
      const second = { ...membership("alice=", "lobby"), since: 5, expiresAt: 9000 };
      await store.join([second], LATER);
      expect(await store.findMembership("alice=", "lobby", LATER)).toEqual(second);
      expect(await store.findWatchers("lobby", LATER)).toEqual([]);
      expect(await idsOf(store, { channel: "lobby" })).toEqual(["alice="]);
    });

    test("distinguishes connections that differ only by case", async () => {
      const store = await assemble();
      await store.add(connection("Alice="), []);
      expect(await store.find("alice=", LATER)).toBeUndefined();
    });

    test("keeps every one of many that are added at once", async () => {
      const store = await assemble();
      const ids = Array.from({ length: 50 }, (_, index) => `connection-${index}=`);
      await Promise.all(ids.map((id) => store.add(connection(id), [])));
      const found = await Promise.all(ids.map((id) => store.find(id, LATER)));
      expect(found.map((it) => it?.connectionId)).toEqual(ids);
    });

    test("keeps a connection of a hundred channels, and removes it whole", async () => {
      const store = await assemble();
      const channels = Array.from({ length: 100 }, (_, index) => `channel-${index}`).sort();
      const [first = [], ...more] = [0, 25, 50, 75].map((index) =>
        channels.slice(index, index + 24),
      );
      await store.add(connection("alice="), inChannels(first));
      for (const some of [...more, channels.filter((_, index) => index % 25 === 24)]) {
        await store.join(inChannels(some), LATER);
      }
      const { memberships } = await store.findStored("alice=", LATER);
      expect(memberships.map(({ channel }) => channel).sort()).toEqual(channels);
      const removed = await store.remove("alice=", LATER);
      expect(removed.map(({ channel }) => channel).sort()).toEqual(channels);
      expect(await store.findStored("alice=", LATER)).toEqual({
        connection: undefined,
        memberships: [],
      });
    });

    test("forgets what is removed, returns its memberships, and forgets nothing else", async () => {
      const store = await assemble();
      const inLobby = { ...membership("alice=", "lobby"), presence: true };
      await store.add(connection("alice="), [inLobby, membership("alice=", "news")]);
      await store.add(connection("bob="), [membership("bob=", "lobby")]);
      const removed = await store.remove("alice=");
      expect(removed).toHaveLength(2);
      expect(removed).toEqual(expect.arrayContaining([inLobby, membership("alice=", "news")]));
      expect(await store.find("alice=", LATER)).toBeUndefined();
      expect(await store.findMembership("alice=", "lobby", LATER)).toBeUndefined();
      expect(await store.findStored("bob=", LATER)).toEqual({
        connection: connection("bob="),
        memberships: [membership("bob=", "lobby")],
      });
    });

    test("removes memberships that have lost their registration", async () => {
      const store = await assemble();
      await store.join([membership("alice=", "lobby")], LATER);
      expect(await store.remove("alice=", LATER)).toEqual([membership("alice=", "lobby")]);
      expect(await idsOf(store, { channel: "lobby" })).toEqual([]);
    });

    test("takes the removal of the unknown for done", async () => {
      const store = await assemble();
      expect(await store.remove("nobody=")).toEqual([]);
      expect(await store.leave("nobody=", "lobby", LATER)).toBeUndefined();
    });

    test("leaves one channel, returns what the membership was, and stays in the others", async () => {
      const store = await assemble();
      const inLobby = { ...membership("alice=", "lobby"), user: "alice", presence: true };
      await store.add(connection("alice="), [inLobby, membership("alice=", "news")]);
      expect(await store.leave("alice=", "lobby", LATER)).toEqual(inLobby);
      expect(await store.leave("alice=", "lobby", LATER)).toBeUndefined();
      expect(await store.findStored("alice=", LATER)).toEqual({
        connection: connection("alice="),
        memberships: [membership("alice=", "news")],
      });
      expect(await store.findWatchers("lobby", LATER)).toEqual([]);
    });

    test("rejects when there is no time left, and has done nothing", async () => {
      const store = await assemble();
      await store.add(connection("alice="), [membership("alice=", "lobby")]);
      const past = Date.now() - 1;
      await expect(store.find("alice=", past)).rejects.toThrow();
      await expect(store.findStored("alice=", past)).rejects.toThrow();
      await expect(store.findMembership("alice=", "lobby", past)).rejects.toThrow();
      await expect(store.findWatchers("lobby", past)).rejects.toThrow();
      const page = { after: undefined, limit: 1 };
      await expect(store.findMembers("lobby", page, past)).rejects.toThrow();
      await expect(store.join([membership("alice=", "news")], past)).rejects.toThrow();
      await expect(store.leave("alice=", "lobby", past)).rejects.toThrow();
      await expect(store.remove("alice=", past)).rejects.toThrow();
      const pages = store.findAll({ channel: "lobby" }, past)[Symbol.asyncIterator]();
      await expect(pages.next()).rejects.toThrow();
      expect(await store.findStored("alice=", LATER)).toEqual({
        connection: connection("alice="),
        memberships: [membership("alice=", "lobby")],
      });
    });

    test("lists a group by the order of its ids, all or those after one that need not be in it", async () => {
      const store = await assemble();
      for (const id of ["c=", "a=", "_=", "B=", "e="]) {
        await store.add({ ...connection(id), user: "alice" }, [membership(id, "lobby")]);
      }
      for (const group of [{ channel: "lobby" }, { user: "alice" }]) {
        const listedAfter = async (id?: string) => {
          const listed = [];
          for await (const page of store.findAll(group, LATER, id)) {
            listed.push(...page.map(({ connectionId }) => connectionId));
          }
          return listed;
        };
        expect(await listedAfter()).toEqual(["B=", "_=", "a=", "c=", "e="]);
        expect(await listedAfter("")).toEqual(["B=", "_=", "a=", "c=", "e="]);
        expect(await listedAfter("a=")).toEqual(["c=", "e="]);
        expect(await listedAfter("b=")).toEqual(["c=", "e="]);
        expect(await listedAfter("e=")).toEqual([]);
      }
    });

    test("finds nothing of the unknown", async () => {
      const store = await assemble();
      expect(await store.find("nobody=", LATER)).toBeUndefined();
      expect(await store.findMembership("nobody=", "lobby", LATER)).toBeUndefined();
      expect(await store.findStored("nobody=", LATER)).toEqual({
        connection: undefined,
        memberships: [],
      });
      expect(await idsOf(store, { user: "nobody" })).toEqual([]);
      expect(await idsOf(store, { channel: "nowhere" })).toEqual([]);
      expect(await store.findWatchers("nowhere", LATER)).toEqual([]);
      const page = { after: undefined, limit: 100 };
      expect(await store.findMembers("nowhere", page, LATER)).toEqual({
        members: [],
        next: undefined,
      });
    });

    test("finds all connections of a user, once however many channels they are in, and no others", async () => {
      const store = await assemble();
      await store.add({ ...connection("a1="), user: "alice" }, [
        { ...membership("a1=", "lobby"), user: "alice" },
        { ...membership("a1=", "news"), user: "alice" },
      ]);
      await store.add({ ...connection("a2="), user: "alice" }, []);
      await store.add({ ...connection("b="), user: "bob" }, [membership("b=", "alice")]);
      await store.add(connection("n="), []);
      expect(await idsOf(store, { user: "alice" })).toEqual(["a1=", "a2="]);
    });

    test("finds all connections in a channel, and no others", async () => {
      const store = await assemble();
      await store.add({ ...connection("a="), user: "lobby" }, [membership("a=", "library")]);
      await store.add(connection("b="), [membership("b=", "lobby"), membership("b=", "library")]);
      await store.join([membership("c=", "lobby")], LATER);
      expect(await idsOf(store, { channel: "lobby" })).toEqual(["b=", "c="]);
      expect(await idsOf(store, { channel: "library" })).toEqual(["a=", "b="]);
    });

    test("finds those who watch a channel, and no others", async () => {
      const store = await assemble();
      await store.add(connection("a="), [
        { ...membership("a=", "lobby"), presence: true },
        membership("a=", "library"),
      ]);
      await store.join([{ ...membership("b=", "lobby"), presence: true }], LATER);
      await store.join([membership("c=", "lobby")], LATER);
      const watchers = await store.findWatchers("lobby", LATER);
      expect(watchers.map(({ connectionId }) => connectionId).sort()).toEqual(["a=", "b="]);
      expect(await store.findWatchers("library", LATER)).toEqual([]);
    });

    test("lists the members of a channel page by page, each once, with all that a list shows", async () => {
      const store = await assemble();
      const joined = ["a=", "B=", "c=", "d=", "e="].map((id, index) => ({
        ...membership(id, "lobby"),
        ...(index > 0 && { user: `user-${index}` }),
        since: 1795341600123 + index,
      }));
      await store.join(joined, LATER);
      await store.join([membership("f=", "library")], LATER);
      const listed: Membership[] = [];
      const sizes: number[] = [];
      let after: string | undefined;
      do {
        const page = await store.findMembers("lobby", { after, limit: 2 }, LATER);
        listed.push(...page.members);
        sizes.push(page.members.length);
        after = page.next;
      } while (after !== undefined);
      const byId = (one: Membership, other: Membership) =>
        one.connectionId < other.connectionId ? -1 : 1;
      expect(listed).toEqual(joined.sort(byId));
      expect(Math.max(...sizes)).toBe(2);
    });

    test("goes on after a member that has left since", async () => {
      const store = await assemble();
      await store.join(
        ["a=", "b=", "c="].map((id) => membership(id, "lobby")),
        LATER,
      );
      await store.leave("b=", "lobby", LATER);
      const { members } = await store.findMembers("lobby", { after: "b=", limit: 5 }, LATER);
      expect(members.map(({ connectionId }) => connectionId)).toEqual(["c="]);
    });

    test("distinguishes names to the letter", async () => {
      const store = await assemble();
      await store.add({ ...connection("a="), user: "Alice" }, [membership("a=", "Lobby")]);
      await store.add({ ...connection("b="), user: "alice|b" }, [membership("b=", "lobby|b")]);
      expect(await idsOf(store, { user: "alice" })).toEqual([]);
      expect(await idsOf(store, { user: "alice|b" })).toEqual(["b="]);
      expect(await idsOf(store, { channel: "lobby" })).toEqual([]);
      expect(await store.findMembership("a=", "lobby", LATER)).toBeUndefined();
    });

    test("finds a channel of many pages whole, each member once", async () => {
      const store = await assemble();
      const ids = Array.from({ length: 1200 }, (_, index) => `connection-${index}=`).sort();
      for (let first = 0; first < ids.length; first += 25) {
        const some = ids.slice(first, first + 25).map((id) => membership(id, "lobby"));
        await store.join(some, LATER);
      }
      expect(await idsOf(store, { channel: "lobby" })).toEqual(ids);
    }, 30_000);

    test("counts the messages of each connection and each minute, up to the limit, and returns the registration", async () => {
      const store = await assemble();
      const now = Date.UTC(2026, 10, 22, 10, 0, 59, 900);
      const alice = { ...connection("alice="), user: "alice", expiresAt: now + 600_000 };
      const bob = { ...connection("bob="), expiresAt: now + 600_000 };
      await store.add({ ...alice, expiresAt: Math.floor(alice.expiresAt / 1000) * 1000 }, []);
      await store.add(bob, []);
      const count = async (connectionId: string, at: number) => {
        const counted = await store.countMessage(connectionId, { now: at, limit: 3 }, LATER);
        return typeof counted === "object" ? counted.user : counted;
      };
      const counted = await Promise.all(Array.from({ length: 8 }, () => count("alice=", now)));
      expect(counted.sort()).toEqual([...Array(3).fill("alice"), ...Array(5).fill("limited")]);
      expect(await store.countMessage("bob=", { now, limit: 3 }, LATER)).toMatchObject({
        connectionId: "bob=",
      });
      for (const later of [100, 60_100, 300_100]) {
        expect(await count("alice=", now + later)).toBe("alice");
      }
      expect(await store.find("alice=", LATER)).toEqual({
        ...alice,
        expiresAt: Math.floor(alice.expiresAt / 1000) * 1000,
      });
    });

    test("counts nothing of a connection that is not registered, or not any more, and registers nobody", async () => {
      const store = await assemble();
      const now = Date.UTC(2026, 10, 22, 10);
      await store.add({ ...connection("alice="), expiresAt: now }, []);
      const count = { now, limit: 3 };
      expect(await store.countMessage("alice=", { ...count, now: now - 1 }, LATER)).toBeDefined();
      expect(await store.countMessage("alice=", count, LATER)).toBeUndefined();
      expect(await store.countMessage("nobody=", count, LATER)).toBeUndefined();
      expect(await store.find("nobody=", LATER)).toBeUndefined();
      await expect(store.countMessage("alice=", count, Date.now() - 1)).rejects.toThrow();
    });

    test("finds nobody in a channel who has been forgotten", async () => {
      const store = await assemble();
      await store.add(connection("alice="), [membership("alice=", "lobby")]);
      await store.add(connection("bob="), [membership("bob=", "lobby")]);
      await store.remove("alice=");
      await store.remove("bob=", LATER);
      expect(await idsOf(store, { channel: "lobby" })).toEqual([]);
    });
  });
}

function connection(connectionId: string): Connection {
  return { connectionId, registeredAt: 1, expiresAt: 2000 };
}

function membership(connectionId: string, channel: string): Membership {
  return { connectionId, channel, since: 1, expiresAt: 2000, presence: false };
}

function inChannels(channels: readonly string[]): readonly Membership[] {
  return channels.map((channel) => membership("alice=", channel));
}

async function listedIn(store: ConnectionStore, group: Group) {
  const listed: { readonly connectionId: string; readonly expiresAt: number }[] = [];
  for await (const page of store.findAll(group, LATER)) {
    listed.push(...page);
  }
  return listed;
}

async function idsOf(store: ConnectionStore, group: Group): Promise<string[]> {
  const listed = await listedIn(store, group);
  return listed.map(({ connectionId }) => connectionId).sort();
}
