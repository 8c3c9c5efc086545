import { throttling } from "../support/in-memory-message-history.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";
import { assembleHistory, contentOf } from "./assemble-history.ts";

const LOBBY = { channel: "lobby" };
const RECEIPT = { relay: "receipt", gone: 0, failed: 0, complete: true };

describe("A message to a channel with history", () => {
  test("has a number and the epoch, and so have its receipt and a publish's", async () => {
    const { relayFrom, sender, say } = assembleHistory();
    await relayFrom("alice=", { forward: LOBBY, data: 1, id: "m1" });
    const position = '"sequence":1,"epoch":"epoch1"';
    expect(sender.inbox("bob=")).toEqual([
      `{"relay":"message","messageId":"m=","from":{"connectionId":"alice=","user":"alice"},"to":{"channel":"lobby"},"data":1,"id":"m1","sentAt":"${new Date(NOW).toISOString()}",${position}}`,
    ]);
    expect(sender.inbox("alice=")).toEqual([
      `{"relay":"receipt","id":"m1","delivered":1,"gone":0,"failed":0,"complete":true,${position}}`,
    ]);
    expect(await say("two")).toMatchObject({ ...RECEIPT, sequence: 2, epoch: "epoch1" });
  });

  test("is in the history before anybody receives it, as everybody receives it", async () => {
    const kept: unknown[] = [];
    const { say, sender, history } = assembleHistory({
      wrap: (real) => ({
        send: (connectionId, text, deadline) => {
          kept.push(history.entries.get("lobby epoch1 1")?.message?.text === text);
          return real.send(connectionId, text, deadline);
        },
        probe: (connectionId, deadline) => real.probe(connectionId, deadline),
        close: (connectionId, deadline) => real.close(connectionId, deadline),
      }),
    });
    await say("one");
    expect(kept).toEqual([true, true]);
    expect(sender.delivered).toHaveLength(2);
  });

  test("tells its number also in the error of a sender whose message is kept and reached nobody", async () => {
    const { relayFrom, sender, frames, ask } = assembleHistory();
    sender.answerWith("bob=", "throttled");
    await relayFrom("alice=", { forward: LOBBY, data: "late", id: "m1" });
    expect(frames("alice=")).toMatchObject([{ code: "THROTTLED", sequence: 1, epoch: "epoch1" }]);
    expect(contentOf(await ask({ after: 0 }))).toEqual([[1, "late"]]);
  });

  test("costs two calls of the history, and with keep: false none", async () => {
    const { relayFrom, say, history, frames } = assembleHistory();
    await relayFrom("alice=", { forward: LOBBY, data: "typing", keep: false });
    expect(await say("cursor", { keep: false })).toMatchObject(RECEIPT);
    expect(history.calls).toEqual([]);
    expect(frames("bob=")).toEqual([
      expect.not.objectContaining({ sequence: expect.anything() }),
      expect.not.objectContaining({ sequence: expect.anything() }),
    ]);
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    expect(history.calls).toEqual(["take number", "store message"]);
  });

  test("takes two numbers when the same event comes twice, under one messageId", async () => {
    const { relayFrom, say, ask } = assembleHistory();
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    await say("own");
    await say("own");
    const { messages } = await ask({ after: 0 });
    expect(messages.map(({ sequence, messageId }) => [sequence, messageId])).toEqual([
      [1, "m="],
      [2, "m="],
      [3, "own"],
      [4, "own"],
    ]);
  });

  test("keeps its number when its delivery is overtaken by the next one's", async () => {
    const first = Promise.withResolvers<void>();
    const { say, frames } = assembleHistory({
      wrap: (real) => ({
        send: async (connectionId, text, deadline) => {
          if (text.includes('"data":"first"')) {
            await first.promise;
          }
          return await real.send(connectionId, text, deadline);
        },
        probe: (connectionId, deadline) => real.probe(connectionId, deadline),
        close: (connectionId, deadline) => real.close(connectionId, deadline),
      }),
    });
    const slow = say("first");
    await say("second");
    first.resolve();
    await slow;
    expect(frames("bob=")).toMatchObject([
      { data: "second", sequence: 2 },
      { data: "first", sequence: 1 },
    ]);
  });
});

test.each([{ user: "bob" }, { connection: "bob=" }])(
  "A message to %j is not kept and has no number",
  async (to) => {
    const { relayFrom, publish, history, frames } = assembleHistory();
    await relayFrom("alice=", { forward: to, data: 1 });
    await publish({ to, data: 1 });
    expect(history.calls).toEqual([]);
    expect(frames("bob=")).toHaveLength(2);
    for (const frame of frames("bob=")) {
      expect(frame).not.toHaveProperty("sequence");
    }
  },
);

test("Without history an envelope and a receipt are as they always were, whatever keep says", async () => {
  const { connect, relayFrom, sender } = assembleDomain();
  connect("alice=", LOBBY);
  connect("bob=", LOBBY);
  for (const keep of [true, false, undefined]) {
    await relayFrom("alice=", { forward: LOBBY, data: 1, id: "m1", keep });
  }
  for (const text of sender.delivered) {
    expect(text).not.toMatch(/sequence|epoch|keep/);
  }
  expect(sender.delivered).toHaveLength(6);
});

describe("When a message cannot be kept, nobody receives it:", () => {
  test("the number was taken, and the store failed: UNAVAILABLE, and the number is closed later", async () => {
    const { relayFrom, say, history, frames, ask, pass } = assembleHistory();
    const failure = new Error("The table is away.");
    history.before = (call) => {
      if (call === "store message") {
        throw failure;
      }
    };
    const report = await relayFrom("alice=", { forward: LOBBY, data: 1, id: "m1" });
    expect(report.failures).toEqual([failure]);
    expect(frames("alice=")).toMatchObject([{ code: "UNAVAILABLE", id: "m1" }]);
    expect(frames("alice=")[0]).not.toHaveProperty("sequence");
    expect(frames("bob=")).toEqual([]);
    history.before = () => {};
    await say("two");
    expect(await ask({ after: 0 })).toMatchObject({ messages: [], upTo: 0, more: false });
    pass(3000);
    const frame = await ask({ after: 0 });
    expect(contentOf(frame)).toEqual([[2, "two"]]);
    expect(frame).toMatchObject({ upTo: 2, gap: false });
  });

  test("the store had no answer: UNAVAILABLE, and it may be in the history all the same", async () => {
    const { say, history, sender, ask } = assembleHistory();
    history.after = () => {
      if (history.calls.at(-1) === "store message") {
        throw new Error("No answer.");
      }
    };
    expect(await say("one")).toMatchObject({ code: "UNAVAILABLE" });
    expect(sender.delivered).toEqual([]);
    expect(contentOf(await ask({ after: 0 }))).toEqual([[1, "one"]]);
  });

  test("no number could be taken: UNAVAILABLE, and no number is missing", async () => {
    const { say, history, sender } = assembleHistory();
    history.before = () => {
      throw new Error("The table is away.");
    };
    expect(await say("one")).toMatchObject({ code: "UNAVAILABLE" });
    history.before = () => {};
    expect(await say("two")).toMatchObject({ sequence: 1 });
    expect(sender.delivered).toHaveLength(2);
  });

  test.each(["take number", "store message"])(
    "the table throttles at %j: THROTTLED, and it is not asked for more",
    async (throttled) => {
      const { say, history, sender, ask, pass } = assembleHistory();
      await say("zero");
      history.before = (call) => {
        if (call === throttled) {
          throw throttling();
        }
      };
      history.calls.length = 0;
      expect(await say("one")).toMatchObject({ code: "THROTTLED" });
      expect(history.calls.filter((call) => call === throttled)).toHaveLength(1);
      expect(history.calls.at(-1)).toBe(throttled);
      expect(sender.delivered).toHaveLength(2);
      history.before = () => {};
      pass(3000);
      const frame = await ask({ after: 0 });
      expect(contentOf(frame)).toEqual([[1, "zero"]]);
      expect(frame).toMatchObject({ gap: false, more: false });
    },
  );
});

describe("When readers close a message's number before it is stored,", () => {
  /** The history's store waits so often, and a reader closes the number meanwhile. */
  async function sayLate(times: number) {
    const domain = assembleHistory();
    const { history, ask, pass, say } = domain;
    let left = times;
    history.before = async (call) => {
      if (call === "store message" && left > 0) {
        left -= 1;
        pass(3000);
        await ask({ after: 0 });
      }
    };
    return { ...domain, answer: await say("late") };
  }

  test.each([1, 2])("%i times, it takes another one, and everybody gets it once", async (times) => {
    const { answer, frames, ask } = await sayLate(times);
    const sequence = times + 1;
    expect(answer).toMatchObject({ delivered: 2, sequence });
    expect(frames("bob=")).toMatchObject([{ data: "late", sequence }]);
    const frame = await ask({ after: 0 });
    expect(contentOf(frame)).toEqual([[sequence, "late"]]);
    expect(frame).toMatchObject({ upTo: sequence, gap: false });
  });

  test("three times, it is UNAVAILABLE, and nobody gets it", async () => {
    const { answer, sender, ask, history } = await sayLate(3);
    expect(answer).toMatchObject({ code: "UNAVAILABLE" });
    expect(sender.delivered).toEqual([]);
    expect(history.calls.filter((call) => call === "take number")).toHaveLength(3);
    expect(await ask({ after: 0 })).toMatchObject({ messages: [], upTo: 3, gap: false });
  });
});

test("A message that a repeated call has stored already is delivered once, under that number", async () => {
  const { say, history, frames } = assembleHistory();
  const text = "{}";
  history.entries.set("lobby epoch1 1", {
    sequence: 1,
    message: { messageId: "one", text },
    takenAt: NOW,
    previousAt: undefined,
    expiresAt: NOW + 1000,
  });
  expect(await say("one")).toMatchObject({ delivered: 2, sequence: 1 });
  expect(frames("bob=")).toHaveLength(1);
});

describe("A message that is too much for the history takes no number:", () => {
  test("an envelope of more than 126 KB is TOO_LARGE, and one just below is kept", async () => {
    const { say, history, ask } = assembleHistory();
    expect(await say("x", { data: "x".repeat(126 * 1024) })).toMatchObject({ code: "TOO_LARGE" });
    expect(history.calls).toEqual([]);
    expect(await say("x", { data: "x".repeat(126 * 1024 - 300) })).toMatchObject({ sequence: 1 });
    expect((await ask({ after: 0 })).messages).toHaveLength(1);
    const unkept = { data: "x".repeat(127 * 1024), keep: false };
    expect(await say("x", unkept)).toMatchObject({ delivered: 2 });
  });

  test("GroupMessageBytes holds, where it is less", async () => {
    const { say, history } = assembleHistory({ groupMessageBytes: 1000 });
    expect(await say("x", { data: "x".repeat(1000) })).toMatchObject({ code: "TOO_LARGE" });
    expect(history.calls).toEqual([]);
  });

  test("data that is nested too deeply is an INVALID_MESSAGE, and the deepest that is kept can be read", async () => {
    const { say, ask, historyFrom, sender } = assembleHistory();
    const sayNested = async (depth: number) =>
      Object(await say("deep", { data: JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`) }));
    let [accepted, rejected, deepest] = [1, 60_000, 0];
    while (rejected - accepted > 1) {
      const depth = Math.floor((accepted + rejected) / 2);
      const { code, sequence } = await sayNested(depth);
      if (code === "INVALID_MESSAGE") {
        rejected = depth;
      } else {
        [accepted, deepest] = [depth, sequence];
      }
    }
    expect(deepest).toBeGreaterThan(0);
    const question = { channel: "lobby", after: deepest - 1 };
    // Others who write the answer may have less stack left.
    const answer = Array.from({ length: 50 }).reduce<unknown>((it) => [it], await ask(question));
    expect(JSON.stringify(answer)).toContain(`"sequence":${deepest},`);
    await historyFrom("alice=", question);
    expect(sender.inbox("alice=").at(-1)).toMatch(/^\{"relay":"history"/);
  });
});
