import type { Slice } from "../../src/domain/fan-out/ports.ts";
import { InMemoryMessageHistory } from "../support/in-memory-message-history.ts";
import { NOW } from "./assemble-domain.ts";
import { assembleLargeChannel, LOBBY } from "./assemble-large-channel.ts";

const RECEIPT = { relay: "receipt", gone: 0, failed: 0 };
const isSlice = (job: { readonly kind: string }): job is Slice => job.kind === "slice";

describe("A message to more targets than one invocation delivers to", () => {
  test("reaches each of them once, in envelopes that say so, and its receipt adds up", async () => {
    const { speak, receipts, texts, members, jobs } = assembleLargeChannel(20);
    await speak();
    expect(receipts()).toEqual([{ ...RECEIPT, id: "m1", delivered: 20, complete: true }]);
    for (const member of members) {
      expect(texts(member)).toEqual([expect.objectContaining({ data: 1, large: true })]);
    }
    expect(jobs.added.map((job) => isSlice(job) && job.ids.length)).toEqual([3, 3, 3, 3, 3, 3, 2]);
  });

  test("is small when just as many as that are there: the invocation does it all, and says nothing of it", async () => {
    const { speak, receipts, texts, jobs } = assembleLargeChannel(4);
    await speak();
    expect(receipts()).toEqual([{ ...RECEIPT, id: "m1", delivered: 4, complete: true }]);
    expect(texts("m0000=")).toEqual([expect.not.objectContaining({ large: expect.anything() })]);
    expect(jobs.added).toEqual([]);
  });

  test("reaches a user's connections as well, the sender's own included", async () => {
    const { domain, time, connectUser, receipts } = assembleLargeChannel(0);
    for (let index = 0; index < 9; index += 1) {
      connectUser(`a${index}=`, "speaker");
    }
    await time.run(
      domain.relayFrom("speaker=", { forward: { user: "speaker" }, data: 1, id: "m1" }),
    );
    expect(receipts()).toEqual([{ ...RECEIPT, id: "m1", delivered: 10, complete: true }]);
  });

  test("brings a backend that publishes it the same receipt", async () => {
    const { publish, posts } = assembleLargeChannel(8);
    const { answer } = await publish();
    expect(answer).toMatchObject({ ...RECEIPT, delivered: 9, complete: true });
    expect(posts).toHaveLength(9);
  });

  test("leaves out whose membership has ended, and counts who is gone and who failed", async () => {
    const { speak, receipts, domain, members } = assembleLargeChannel(12);
    const { sender, store } = domain;
    for (const membership of store.memberships.slice(0, 2)) {
      store.putMembership({ ...membership, expiresAt: 0 });
    }
    sender.answerWith("m0003=", "gone");
    sender.answerWith("m0004=", "throttled");
    sender.answerWith("m0005=", new Error("Away."));
    await speak();
    expect(members).toHaveLength(12);
    expect(receipts()).toEqual([
      { relay: "receipt", id: "m1", delivered: 7, gone: 1, failed: 2, complete: true },
    ]);
  });

  test("says how many targets have no report when a slice is lost", async () => {
    const { speak, receipts, jobs, posts } = assembleLargeChannel(11, {
      runs: (job) => (isSlice(job) && job.after === "m0002=" ? 0 : 1),
    });
    await speak();
    expect(receipts()).toEqual([
      { ...RECEIPT, id: "m1", delivered: 8, complete: false, pending: 3 },
    ]);
    expect(posts).toHaveLength(8);
    expect(jobs.added).toHaveLength(4);
  });

  test("says that all are pending when no slice has reported, and not that it has failed", async () => {
    const { speak, receipts } = assembleLargeChannel(6, { runs: () => 0 });
    await speak();
    expect(receipts()).toEqual([
      { ...RECEIPT, id: "m1", delivered: 0, complete: false, pending: 6 },
    ]);
  });

  test("brings UNAVAILABLE when nothing of it can be handed out", async () => {
    const { speak, receipts, beforeAccess, posts } = assembleLargeChannel(6);
    beforeAccess((access) => {
      if (access.startsWith("add ")) {
        throw new Error("Access denied.");
      }
    });
    await speak();
    expect(receipts()).toMatchObject([{ relay: "error", code: "UNAVAILABLE" }]);
    expect(posts).toEqual([]);
  });

  test("counts a slice that runs twice once", async () => {
    const { speak, receipts, posts } = assembleLargeChannel(11, { runs: () => 2 });
    await speak();
    expect(receipts()).toEqual([{ ...RECEIPT, id: "m1", delivered: 11, complete: true }]);
    expect(posts).toHaveLength(22);
  });

  test("counts a slice that is killed half-way when it has run again", async () => {
    const { speak, receipts, domain, posts } = assembleLargeChannel(6, { runs: () => 2 });
    let sends = 0;
    domain.sender.beforeSend = (connectionId) => {
      sends += connectionId === "m0001=" ? 1 : 0;
      return connectionId === "m0001=" && sends === 1 ? new Promise(() => {}) : undefined;
    };
    await speak();
    expect(receipts()).toEqual([{ ...RECEIPT, id: "m1", delivered: 6, complete: true }]);
    expect(posts.filter(({ id }) => id === "m0000=")).toHaveLength(2);
  });

  test("does nothing for a slice whose minute is over", async () => {
    const { speak, domain, jobs, posts, time } = assembleLargeChannel(6, { runs: () => 0 });
    await speak();
    await time.pass(60_000);
    const failures = await time.run(domain.runJob(jobs.added[0] as Slice));
    expect(failures).toEqual([expect.objectContaining({ code: "SLICE_EXPIRED" })]);
    expect(posts).toEqual([]);
  });

  test("counts those as failed whom a slice does not reach in its time", async () => {
    const { speak, domain, jobs, time, texts, members } = assembleLargeChannel(1500, {
      runs: () => 0,
      perSecond: 1000,
      sliceTargets: 1500,
    });
    await speak();
    // 50 of them are under way at a time.
    domain.sender.beforeSend = () => time.wait(1000);
    await time.run(
      domain.runJob({ ...(jobs.added[0] as Slice), expiresAt: time.clock() + 10_000 }),
    );
    const [report] = domain.fanOuts.reports.get("r1=") ?? [];
    const received = members.filter((member) => texts(member).length > 0);
    expect(report?.outcomes).toMatchObject({
      delivered: received.length,
      failed: 1500 - received.length,
    });
  });

  test("goes on with the rest in further invocations when its own time is over", async () => {
    const { speak, receipts, texts, members, jobs, time } = assembleLargeChannel(300, {
      perSecond: 10,
      // The first slice is lost, and what further invocations report does not make up for it.
      runs: (job) => (isSlice(job) && job.after === "" ? 0 : 1),
    });
    await speak();
    const rest = jobs.added.findIndex((job) => !isSlice(job));
    const targets = jobs.added.slice(0, rest).flatMap((job) => (isSlice(job) ? job.ids : []));
    expect(targets.length).toBeGreaterThan(150);
    const delivered = targets.length - 3;
    expect(receipts()).toEqual([{ ...RECEIPT, id: "m1", delivered, complete: false, pending: 3 }]);
    await time.pass(60_000);
    expect(jobs.added.flatMap((job) => (isSlice(job) ? [] : [job.depth]))).toEqual([1]);
    for (const member of members.slice(3)) {
      expect(texts(member)).toHaveLength(1);
    }
  });

  test("is handed on a hundred times at most, and the last one logs that", async () => {
    const { speak, receipts, domain, jobs, time, failures } = assembleLargeChannel(9);
    domain.fanOuts.freeAt = Number.POSITIVE_INFINITY;
    await speak();
    await time.pass(60_000);
    expect(receipts()).toEqual([
      { ...RECEIPT, id: "m1", delivered: 0, complete: false, pending: 0 },
    ]);
    expect(jobs.added.map((job) => !isSlice(job) && job.depth)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    expect(failures).toEqual([expect.objectContaining({ code: "FAN_OUT_TOO_LONG" })]);
  });

  test("has its number, and is stored, before its first post, and every envelope is the same", async () => {
    const history = new InMemoryMessageHistory(() => NOW);
    const postsBefore: number[] = [];
    const { publish, texts, members, posts } = assembleLargeChannel(8, { history });
    history.before = () => postsBefore.push(posts.length);
    await publish();
    await publish("r3");
    expect(postsBefore).toEqual([0, 0, 9, 9]);
    const [first, second] = texts("m0000=");
    expect(first).toMatchObject({ sequence: 1, large: true });
    expect(second).toMatchObject({ sequence: 2, large: true });
    for (const member of members) {
      expect(texts(member)).toEqual([first, second]);
    }
  });

  test("is posted to nobody when it cannot be kept", async () => {
    const history = new InMemoryMessageHistory(() => NOW);
    history.store = async () => {
      throw new Error("Away.");
    };
    const { publish, posts, jobs } = assembleLargeChannel(8, { history });
    expect((await publish()).answer).toMatchObject({ relay: "error", code: "UNAVAILABLE" });
    expect([...posts, ...jobs.added]).toEqual([]);
  });

  test("is neither posted nor handed over when keeping it took all the time", async () => {
    const history = new InMemoryMessageHistory(() => NOW);
    const { publish, posts, jobs, time } = assembleLargeChannel(8, { history });
    history.before = () => time.wait(15_000);
    expect((await publish()).answer).toMatchObject({ relay: "error", code: "UNAVAILABLE" });
    expect([...posts, ...jobs.added]).toEqual([]);
  });

  test.each([
    ["query group", 6],
    ["find progress", 1],
    ["take slot", 2],
    ["add slice", 2],
    ["save progress", 2],
    ["find reports", 2],
  ])(
    "reaches everybody although the call to %s fails once, the one with the number %i",
    async (access, nth) => {
      const { speak, receipts, texts, members, failNext } = assembleLargeChannel(20);
      failNext(access, nth);
      const { failures } = await speak();
      expect(failures).toHaveLength(1);
      expect(receipts()).toEqual([{ ...RECEIPT, id: "m1", delivered: 20, complete: true }]);
      for (const member of members) {
        expect(new Set(texts(member).map((it) => it.messageId))).toHaveProperty("size", 1);
      }
    },
  );

  test("reaches nobody twice while people come and go", async () => {
    const { speak, receipts, texts, members, domain, time } = assembleLargeChannel(40);
    const speaking = speak();
    for (let index = 0; index < 20; index += 1) {
      await time.pass(20);
      await domain.store.leave(members[index * 2] ?? "", LOBBY.channel, time.clock() + 5000);
      domain.connect(`m${1000 + index}=`, { ...LOBBY, expiresAt: time.clock() + 3_600_000 });
    }
    await speaking;
    const [receipt] = receipts();
    expect(receipt.complete).toBe(true);
    for (const member of members.filter((_, index) => index % 2 === 1)) {
      expect(texts(member)).toHaveLength(1);
    }
    const all = [...members, ...Array.from({ length: 20 }, (_, index) => `m${1000 + index}=`)];
    const delivered = all.map((id) => texts(id).length);
    expect(Math.max(...delivered)).toBe(1);
    expect(delivered.reduce((a, b) => a + b, 0)).toBe(receipt.delivered);
  });
});

describe("The pace of large messages", () => {
  /** The most posts of any second, and how many a second there were from the first to the last. */
  function rates(posts: readonly { readonly at: number }[]) {
    const times = posts.map(({ at }) => at).sort((one, other) => one - other);
    const most = Math.max(
      ...times.map((begin) => times.filter((at) => at >= begin && at < begin + 1000).length),
    );
    const [first = 0] = times;
    const last = times.at(-1) ?? 0;
    return { most, average: (times.length * 1000) / (last - first) };
  }

  test("is reached by one of them, and not passed", async () => {
    const { speak, posts } = assembleLargeChannel(400, { perSecond: 100 });
    await speak();
    const { most, average } = rates(posts.filter(({ id }) => id !== "speaker="));
    expect(most).toBeLessThanOrEqual(105);
    expect(average).toBeGreaterThanOrEqual(90);
  });

  test("is kept within a slice", async () => {
    const { speak, posts } = assembleLargeChannel(400, { perSecond: 100, sliceTargets: 200 });
    await speak();
    const { most, average } = rates(posts.filter(({ id }) => id !== "speaker="));
    expect(most).toBeLessThanOrEqual(105);
    expect(average).toBeGreaterThanOrEqual(90);
  });

  test("is shared by three of them, and not passed", async () => {
    const { domain, time, posts } = assembleLargeChannel(200, { perSecond: 100 });
    const publish = (requestId: string) =>
      domain.publish({ to: LOBBY, data: 1 }, undefined, requestId);
    const answers = await time.run(Promise.all(["r1", "r2", "r3"].map(publish)));
    for (const { answer } of answers) {
      expect(answer).toMatchObject({ delivered: 201, complete: true });
    }
    const { most, average } = rates(posts);
    expect(most).toBeLessThanOrEqual(105);
    expect(average).toBeGreaterThanOrEqual(90);
  });

  test("is kept when slices start late", async () => {
    const { publish, posts, time } = assembleLargeChannel(300, {
      perSecond: 100,
      // Every other slice, as if a new environment had to start.
      delay: (job) => (isSlice(job) && Number(job.ids[0]?.slice(1, 5)) % 2 === 1 ? 1500 : 50),
    });
    await publish();
    await time.pass(10_000);
    expect(posts).toHaveLength(301);
    expect(rates(posts).most).toBeLessThanOrEqual(105);
  });
});
