import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { InMemoryMessageHistory, throttling } from "../support/in-memory-message-history.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";
import { assembleHistory } from "./assemble-history.ts";

const WHO_AM_I = { id: "q1", positions: true };
const FAILURES = [
  ["THROTTLED", throttling()],
  ["UNAVAILABLE", new Error("The table is away.")],
] as const;

describe("The answer to who am I", () => {
  test("has the position of each channel, if it is asked for", async () => {
    const { relayFrom, subscribeFrom, say, frames } = assembleHistory();
    await subscribeFrom("alice=", { channel: "empty" });
    await say("one");
    await relayFrom("alice=", WHO_AM_I);
    await relayFrom("alice=", { id: "q2" });
    const [, positions, without] = frames("alice=") as { channels: readonly object[] }[];
    expect(positions?.channels).toEqual([
      { channel: "lobby", expiresIn: expect.any(Number), sequence: 1, epoch: "epoch1" },
      { channel: "empty", expiresIn: expect.any(Number), sequence: 0 },
    ]);
    expect(without?.channels).toEqual([
      { channel: "lobby", expiresIn: expect.any(Number) },
      { channel: "empty", expiresIn: expect.any(Number) },
    ]);
  });

  test("costs one call of the history more, and none where it is not asked for or history is off", async () => {
    const { relayFrom, history } = assembleHistory();
    await relayFrom("alice=", { id: "q1" });
    await relayFrom("alice=", { positions: true });
    expect(history.calls).toEqual([]);
    await relayFrom("alice=", WHO_AM_I);
    expect(history.calls).toEqual(["read positions"]);
    const off = assembleDomain();
    off.connect("alice=", { channel: "lobby" });
    await off.relayFrom("alice=", WHO_AM_I);
    expect(off.frames("alice=")).toEqual([
      expect.objectContaining({ relay: "id", channels: [{ channel: "lobby", expiresIn: 60 }] }),
    ]);
  });

  test.each(FAILURES)("is %s when the positions cannot be read", async (code, failure) => {
    const { relayFrom, history, frames } = assembleHistory();
    history.before = () => {
      throw failure;
    };
    const { failures } = await relayFrom("alice=", WHO_AM_I);
    expect(frames("alice=")).toMatchObject([{ code, id: "q1" }]);
    expect(failures).toEqual([failure]);
    expect(history.calls).toHaveLength(1);
  });
});

describe("The answer to subscribe", () => {
  test("has the position from before the membership was written: nothing is missed between the two", async () => {
    const history = new InMemoryMessageHistory(() => NOW);
    const store = new InMemoryConnectionStore(() => NOW);
    const domain = assembleDomain({ history, store });
    domain.connect("alice=");
    const publish = (data: string) => domain.publish({ to: { channel: "lobby" }, data });
    await publish("before");
    store.beforeAccess = async (access) => {
      if (access === "put membership") {
        store.beforeAccess = () => {};
        await publish("between");
      }
    };
    await domain.subscribeFrom("alice=", { channel: "lobby", id: "s1" });
    expect(domain.frames("alice=")).toMatchObject([
      { relay: "subscribed", channels: [{ channel: "lobby", sequence: 1, epoch: "epoch1" }] },
    ]);
  });

  test.each(FAILURES)(
    "is %s when the positions cannot be read, and nothing is joined",
    async (code, failure) => {
      const { subscribeFrom, history, store, frames } = assembleHistory();
      history.before = () => {
        throw failure;
      };
      await subscribeFrom("alice=", { channel: ["a", "b"], id: "s1" });
      expect(frames("alice=")).toMatchObject([{ code, id: "s1" }]);
      expect(history.calls).toHaveLength(1);
      expect(store.memberships.map(({ channel }) => channel)).toEqual(["lobby", "lobby"]);
    },
  );

  test("reads the positions of all its channels in one call, and none where history is off", async () => {
    const { subscribeFrom, history } = assembleHistory();
    await subscribeFrom("alice=", { channel: ["a", "b", "c"] });
    expect(history.calls).toEqual(["read positions"]);
    const off = assembleDomain();
    off.connect("alice=");
    await off.subscribeFrom("alice=", { channel: "a", id: "s1" });
    expect(off.frames("alice=")).toMatchObject([{ channels: [{ channel: "a" }] }]);
    expect(off.sender.inbox("alice=")[0]).not.toContain("sequence");
  });
});
