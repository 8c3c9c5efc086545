import type { Group } from "../../protocol/frames.ts";
import { MessageLimit } from "../../src/domain/message-limit.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const LOBBY = { channel: "lobby" };
const RECEIPT = { relay: "receipt", id: "m1", gone: 0, failed: 0, complete: true };

/** A store in which something happens once, right after the registration of a sender was read. */
class InterruptedStore extends InMemoryConnectionStore {
  meanwhile: () => unknown = () => {};

  override async *findAll(group: Group, deadline: number) {
    await this.meanwhile();
    yield* super.findAll(group, deadline);
  }
}

/** The relay as it was a while ago, when those connected who have no grace any more. */
const longAgo = (store: InMemoryConnectionStore) =>
  assembleDomain({ store, clock: () => NOW - 31_000 });

describe("When a connection disconnects", () => {
  test("before its last message is read, the message reaches nobody", async () => {
    const { disconnecting, connect, relayFrom, frames } = assembleDomain();
    connect("alice=", LOBBY);
    connect("bob=", LOBBY);
    await disconnecting("alice=");
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    expect(frames("bob=")).toEqual([]);
    expect(frames("alice=")).toMatchObject([{ code: "NOT_REGISTERED" }]);
  });

  test("while its last message is under way, the message still goes out in its name", async () => {
    const store = new InterruptedStore(() => NOW);
    const { disconnecting, connect, relayFrom, frames, sender } = assembleDomain({ store });
    connect("alice=", { ...LOBBY, user: "alice" });
    connect("bob=", LOBBY);
    store.meanwhile = async () => {
      await disconnecting("alice=");
      sender.answerWith("alice=", "gone");
    };
    const report = await relayFrom("alice=", { forward: LOBBY, data: 1, id: "m1" });
    expect(frames("bob=")).toMatchObject([{ from: { connectionId: "alice=", user: "alice" } }]);
    expect(report).toMatchObject({ answered: "gone", failures: [] });
    expect([...store.connections.keys()]).toEqual(["bob="]);
  });

  test("after its last message, both are done once", async () => {
    const { disconnecting, connect, store, relayFrom, frames } = assembleDomain();
    connect("alice=", LOBBY);
    connect("bob=", LOBBY);
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    await disconnecting("alice=");
    expect(frames("bob=")).toHaveLength(1);
    expect([...store.connections.keys()]).toEqual(["bob="]);
  });

  test("while a message to it is under way, it counts as gone and stops nobody else", async () => {
    const store = new InterruptedStore(() => NOW);
    const { connect, relayFrom, frames, sender } = assembleDomain({ store });
    connect("alice=", LOBBY);
    connect("bob=", LOBBY);
    connect("carol=", LOBBY);
    store.meanwhile = () => sender.answerWith("bob=", "gone");
    await relayFrom("alice=", { forward: LOBBY, data: 1, id: "m1" });
    expect(frames("carol=")).toHaveLength(1);
    expect(frames("alice=")).toEqual([{ ...RECEIPT, delivered: 1, gone: 1 }]);
  });

  test("without a $disconnect, the first message that finds it gone removes its registration", async () => {
    const { connect, store, relayFrom, sender } = assembleDomain();
    connect("alice=", LOBBY);
    connect("bob=", LOBBY);
    sender.answerWith("bob=", "gone");
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    expect([...store.connections.keys()]).toEqual(["alice="]);
  });

  test("before its $connect is done, a registration is left over until it is found gone", async () => {
    const { disconnecting, connect, store, sender, relayFrom, frames } = assembleDomain();
    connect("alice=", LOBBY);
    await disconnecting("ghost=");
    await longAgo(store).connecting({ connectionId: "ghost=", channels: ["lobby"] });
    sender.answerWith("ghost=", "gone");
    await relayFrom("alice=", { forward: LOBBY, data: 1, id: "m1" });
    expect(frames("alice=")).toEqual([{ ...RECEIPT, delivered: 0, gone: 1 }]);
    expect([...store.connections.keys()]).toEqual(["alice="]);
  });
});

describe("When a user reconnects while a message is under way", () => {
  test("the old connection counts as gone, and the new one may miss it", async () => {
    const store = new InMemoryConnectionStore(() => NOW);
    const { connect, relayFrom, frames, sender } = assembleDomain({ store });
    connect("bob=");
    connect("alice1=", { user: "alice" });
    store.holdIndexes();
    connect("alice2=", { user: "alice" });
    sender.answerWith("alice1=", "gone");
    await relayFrom("bob=", { forward: { user: "alice" }, data: 1 });
    expect(frames("alice2=")).toEqual([]);
    expect(frames("bob=")).toMatchObject([{ code: "TARGET_GONE" }]);
  });

  test("the registration of the new connection is not removed with the old one's", async () => {
    const { connect, store, relayFrom, frames, sender } = assembleDomain();
    connect("bob=");
    connect("alice1=", { user: "alice" });
    connect("alice2=", { user: "alice" });
    sender.answerWith("alice1=", "gone");
    await relayFrom("bob=", { forward: { user: "alice" }, data: 1, id: "m1" });
    expect(frames("alice2=")).toHaveLength(1);
    expect(frames("bob=")).toEqual([{ ...RECEIPT, delivered: 1, gone: 1 }]);
    expect([...store.connections.keys()]).toEqual(["bob=", "alice2="]);
  });
});

describe("When the same event comes twice", () => {
  test("its message arrives twice with the same messageId, by which a receiver knows it", async () => {
    const { connect, relayFrom, frames } = assembleDomain();
    connect("alice=", LOBBY);
    connect("bob=", LOBBY);
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    const ids = frames("bob=").map((frame) => (frame as { messageId: string }).messageId);
    expect(ids).toEqual(["m=", "m="]);
  });

  test("and is a $connect that follows its $disconnect, its registration is found gone later", async () => {
    const { disconnecting, connect, store, sender, relayFrom } = assembleDomain();
    connect("alice=", LOBBY);
    const { connecting } = longAgo(store);
    const bob = { connectionId: "bob=", channels: ["lobby"] };
    await connecting(bob);
    await disconnecting("bob=");
    await connecting(bob);
    sender.answerWith("bob=", "gone");
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    expect([...store.connections.keys()]).toEqual(["alice="]);
  });
});

describe("When someone joins a channel while a message to it is under way", () => {
  test("he gets the message if the index has him already", async () => {
    const store = new InterruptedStore(() => NOW);
    const { connect, relayFrom, frames } = assembleDomain({ store });
    connect("alice=", LOBBY);
    store.meanwhile = () => connect("bob=", LOBBY);
    await relayFrom("alice=", { forward: LOBBY, data: 1, id: "m1" });
    expect(frames("bob=")).toHaveLength(1);
    expect(frames("alice=")).toEqual([{ ...RECEIPT, delivered: 1 }]);
  });

  test("he does not, and is not counted, if it has not", async () => {
    const store = new InMemoryConnectionStore(() => NOW);
    const { connect, relayFrom, frames } = assembleDomain({ store });
    connect("alice=", LOBBY);
    store.holdIndexes();
    connect("bob=", LOBBY);
    await relayFrom("alice=", { forward: LOBBY, data: 1, id: "m1" });
    expect(frames("bob=")).toEqual([]);
    expect(frames("alice=")).toEqual([{ ...RECEIPT, delivered: 0 }]);
  });
});

test("Two messages of one sender may arrive in any order: the first to be posted arrives first", async () => {
  const first = Promise.withResolvers<void>();
  const { connect, relayFrom, frames } = assembleDomain({
    wrap: (sender) => ({
      send: async (connectionId, text, deadline) => {
        if (text.includes('"data":"first"')) {
          await first.promise;
        }
        return await sender.send(connectionId, text, deadline);
      },
      probe: (connectionId, deadline) => sender.probe(connectionId, deadline),
      close: (connectionId, deadline) => sender.close(connectionId, deadline),
    }),
  });
  connect("alice=", LOBBY);
  connect("bob=", LOBBY);
  const slow = relayFrom("alice=", { forward: LOBBY, data: "first" });
  await relayFrom("alice=", { forward: LOBBY, data: "second" });
  first.resolve();
  await slow;
  expect(frames("bob=")).toMatchObject([{ data: "second" }, { data: "first" }]);
});

describe("When a registration is lost, and a membership is left over", () => {
  test("the connection sends to that channel and receives from it, and is NOT_REGISTERED elsewhere", async () => {
    const { connect, store, relayFrom, frames } = assembleDomain();
    connect("alice=", LOBBY);
    connect("bob=", { ...LOBBY, user: "bob" });
    store.connections.delete("alice=");
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    await relayFrom("bob=", { forward: LOBBY, data: 2 });
    await relayFrom("alice=", { forward: { user: "bob" }, data: 3 });
    await relayFrom("alice=", { id: "q1" });
    expect(frames("bob=")).toMatchObject([{ data: 1 }]);
    expect(frames("alice=")).toMatchObject([
      { data: 2 },
      { code: "NOT_REGISTERED" },
      { code: "NOT_REGISTERED", id: "q1" },
    ]);
  });

  test("it sends nothing where messages are counted", async () => {
    const { connect, store, parts, relay, frames } = assembleDomain();
    connect("alice=", LOBBY);
    connect("bob=", LOBBY);
    store.connections.delete("alice=");
    await new MessageLimit(parts, 60).limit(relay).execute({
      connectionId: "alice=",
      messageId: "m=",
      requestId: "r1=",
      message: { forward: LOBBY, data: 1 },
      deadline: NOW + 25_000,
    });
    expect(frames("bob=")).toEqual([]);
    expect(frames("alice=")).toMatchObject([{ code: "NOT_REGISTERED" }]);
  });
});
