import { throttling } from "../support/in-memory-message-history.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";
import { assembleHistory, contentOf, HOUR, RETENTION } from "./assemble-history.ts";

type Assembled = ReturnType<typeof assembleHistory>;

/** The most bytes that a history frame of several messages may have. */
const MOST_BYTES = 32 * 1024;

/** The next so many messages take a number, and are never stored. */
async function loseNumbers({ history, say }: Assembled, count: number): Promise<void> {
  const { before } = history;
  history.before = (call) => {
    if (call === "store message") {
      throw new Error("The table is away.");
    }
  };
  for (let lost = 0; lost < count; lost += 1) {
    await say("lost");
  }
  history.before = before;
}

/** Asks until there is no more. */
async function readAll(domain: Assembled, after: number) {
  const frames = [];
  for (let position = after, more = true; more; ) {
    const frame = await domain.ask({ after: position });
    expect(frame.upTo).toBeGreaterThanOrEqual(position);
    frames.push(frame);
    ({ upTo: position, more } = frame);
  }
  return frames;
}

describe("ReadHistory answers a member of the channel", () => {
  test("with the envelopes after a number, as they were delivered, in the order of their numbers", async () => {
    const { historyFrom, say, sender } = assembleHistory();
    await say("one");
    await say("two", { id: "n2", from: "billing" });
    await historyFrom("alice=", { channel: "lobby", after: 1, epoch: "epoch1", id: "h1" });
    const [, two, answer] = sender.inbox("alice=");
    expect(answer).toBe(
      `{"relay":"history","channel":"lobby","epoch":"epoch1","messages":[${two}],"upTo":2,"more":false,"gap":false,"id":"h1"}`,
    );
  });

  test("also with what was said before it joined, and with its own messages", async () => {
    const { connecting, relayFrom, historyFrom, sender, frames } = assembleHistory();
    await relayFrom("alice=", { forward: { channel: "lobby" }, data: "before" });
    sender.connect("carol=");
    await connecting({ connectionId: "carol=", channels: ["lobby"] });
    await relayFrom("carol=", { forward: { channel: "lobby" }, data: "own" });
    await historyFrom("carol=", { channel: "lobby", after: 0 });
    expect(frames("carol=")).toMatchObject([
      { messages: [{ data: "before" }, { data: "own" }], upTo: 2 },
    ]);
  });

  test("and answers FORBIDDEN to others, and NOT_REGISTERED to the unknown", async () => {
    const { connect, historyFrom, say, frames, sender, history } = assembleHistory();
    await say("one");
    connect("carol=", { channel: "library", expiresAt: NOW + HOUR });
    sender.connect("ghost=");
    history.calls.length = 0;
    for (const id of ["carol=", "ghost="]) {
      await historyFrom(id, { channel: "lobby", after: 0, id: "h1" });
    }
    expect(frames("carol=")).toMatchObject([{ code: "FORBIDDEN", id: "h1" }]);
    expect(frames("ghost=")).toMatchObject([{ code: "NOT_REGISTERED", id: "h1" }]);
    expect(history.calls).toEqual([]);
  });

  test.each([
    [{ after: -1 }, '"after" must be a whole number'],
    [{ after: 1.5 }, '"after" must be'],
    [{ after: "1" }, '"after" must be'],
    [{ after: null }, '"after" must be'],
    [{ after: 2 ** 53 }, '"after" must be'],
    [{ last: -1 }, '"last" must be'],
    [{ last: "all" }, '"last" must be'],
    [{}, 'Either "after" or "last" is needed'],
    [{ after: 1, last: 1 }, 'Either "after" or "last" is needed'],
    [{ after: 1, epoch: 5 }, '"epoch" must be'],
    [{ last: 1, epoch: "epoch1" }, '"epoch" must be'],
    [{ after: 1, channel: "a b" }, '"channel" must be a name'],
  ])("and rejects %j", async (question, sentence) => {
    const { historyFrom, readHistory, frames, history } = assembleHistory();
    await historyFrom("alice=", { channel: "lobby", ...question, id: "h1" });
    const invalid = { code: "INVALID_MESSAGE", message: expect.stringContaining(sentence) };
    expect(frames("alice=")).toMatchObject([{ ...invalid, id: "h1" }]);
    const { answer } = await readHistory({ channel: "lobby", ...question });
    expect(answer).toMatchObject(invalid);
    expect(history.calls).toEqual([]);
  });

  test("with INVALID_MESSAGE where history is off", async () => {
    const { connect, historyFrom, readHistory, frames } = assembleDomain();
    connect("alice=", { channel: "lobby" });
    await historyFrom("alice=", { channel: "lobby", after: 0 });
    const invalid = { code: "INVALID_MESSAGE", message: "This relay keeps no messages." };
    expect(frames("alice=")).toMatchObject([invalid]);
    expect((await readHistory({ channel: "lobby", after: 0 })).answer).toMatchObject(invalid);
  });

  test.each(["read positions", "read entries"])(
    "with THROTTLED or UNAVAILABLE when the history fails at %j, and asks it no further",
    async (failing) => {
      const { historyFrom, say, history, frames } = assembleHistory();
      await say("one");
      const failure = new Error("The table is away.");
      for (const [thrown, code] of [
        [throttling(), "THROTTLED"],
        [failure, "UNAVAILABLE"],
      ] as const) {
        history.before = (call) => {
          if (call === failing) {
            throw thrown;
          }
        };
        history.calls.length = 0;
        const report = await historyFrom("alice=", { channel: "lobby", after: 0, id: code });
        expect(frames("alice=").at(-1)).toMatchObject({ code, id: code });
        expect(report.failures).toEqual([thrown]);
        expect(history.calls.filter((call) => call === failing)).toHaveLength(1);
      }
    },
  );
});

describe("A history frame", () => {
  test("of a channel without messages has no epoch and ends at 0", async () => {
    const { readHistory } = assembleHistory();
    const { answer } = await readHistory({ channel: "empty", after: 0, id: "h1" });
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      relay: "history",
      channel: "empty",
      messages: [],
      upTo: 0,
      more: false,
      gap: false,
      id: "h1",
    });
  });

  test("begins so many before the newest, or says only where the channel stands", async () => {
    const { say, ask } = assembleHistory();
    for (const word of ["one", "two", "three"]) {
      await say(word);
    }
    expect(contentOf(await ask({ last: 2 }))).toEqual([
      [2, "two"],
      [3, "three"],
    ]);
    expect((await ask({ last: 50 })).messages).toHaveLength(3);
    expect(await ask({ last: 0 })).toMatchObject({ messages: [], upTo: 3, epoch: "epoch1" });
    expect(await ask({ last: 50 })).toMatchObject({ gap: false, more: false });
  });

  test("stays below 32 KB, whatever the messages are, and the next one goes on", async () => {
    const domain = assembleHistory();
    const lengths = Array.from({ length: 120 }, (_, index) => (index * 977) % 9000);
    for (const [index, length] of lengths.entries()) {
      await domain.say(`m${index}`, { data: "ë".repeat(length) });
    }
    const frames = await readAll(domain, 0);
    expect(frames.length).toBeGreaterThan(10);
    for (const frame of frames) {
      expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThan(MOST_BYTES);
    }
    const numbers = frames.flatMap(({ messages }) => messages.map(({ sequence }) => sequence));
    expect(numbers).toEqual(lengths.map((_, index) => index + 1));
  });

  test("has space for one message of 126 KB, next to small ones", async () => {
    const domain = assembleHistory();
    const id = "\u{10400}".repeat(128);
    for (const [index, length] of [5, 126 * 1024 - 400, 5, 5].entries()) {
      expect(await domain.say(`m${index}`, { data: "x".repeat(length) })).toHaveProperty(
        "sequence",
        index + 1,
      );
    }
    const frames = await readAll(domain, 0);
    expect(frames.map(({ messages }) => messages.length)).toEqual([1, 1, 2]);
    const largest = await domain.ask({ after: 1, id });
    expect(largest).toMatchObject({ upTo: 2, more: true });
    expect(Buffer.byteLength(JSON.stringify(largest))).toBeLessThan(128 * 1024);
  });

  test("asks for a page of 25 at a time, and closes nothing beyond one that ends early", async () => {
    const { say, ask, history, pass } = assembleHistory();
    for (let index = 0; index < 60; index += 1) {
      await say(`m${index}`);
    }
    pass(10_000);
    history.calls.length = 0;
    expect((await ask({ after: 0 })).messages).toHaveLength(60);
    expect(history.calls).toEqual(["read positions", ...Array(3).fill("read entries")]);
  });
});

describe("A number without a message", () => {
  test("is waited for as long as its message may come, and closed after 3 seconds", async () => {
    const domain = assembleHistory();
    const { say, ask, pass, history } = domain;
    await say("one");
    await loseNumbers(domain, 1);
    pass(2999);
    expect(await ask({ after: 0 })).toMatchObject({ upTo: 1, more: false, gap: false });
    expect(history.calls).not.toContain("close number");
    pass(1);
    expect(await ask({ after: 0 })).toMatchObject({ upTo: 2, more: false, gap: false });
    history.calls.length = 0;
    expect(await ask({ after: 0 })).toMatchObject({ upTo: 2 });
    expect(history.calls).not.toContain("close number");
  });

  test("is closed once when two readers come to it at the same time, and both go on", async () => {
    const domain = assembleHistory();
    await domain.say("one");
    await loseNumbers(domain, 2);
    await domain.say("four");
    domain.pass(3000);
    const frames = await Promise.all([domain.ask({ after: 0 }), domain.ask({ after: 1 })]);
    expect(frames.map(contentOf)).toEqual([
      [
        [1, "one"],
        [4, "four"],
      ],
      [[4, "four"]],
    ]);
    expect(frames).toMatchObject([
      { upTo: 4, gap: false },
      { upTo: 4, gap: false },
    ]);
    expect(domain.history.calls.filter((call) => call === "close number")).toHaveLength(4);
  });

  test("has its message, if that is stored before the reader closes it", async () => {
    const domain = assembleHistory();
    const { history, say, ask, pass } = domain;
    const release = Promise.withResolvers<void>();
    let held = 0;
    history.before = async (call) => {
      if (call === "store message" && held === 0) {
        held += 1;
        await release.promise;
      }
      if (call === "close number") {
        release.resolve();
        await late;
      }
    };
    const late = say("late");
    await say("two");
    pass(3000);
    expect(contentOf(await ask({ after: 0 }))).toEqual([
      [1, "late"],
      [2, "two"],
    ]);
  });

  test.each([throttling(), new Error("The table is away.")])(
    "ends the answer when it cannot be closed: %s",
    async (failure) => {
      const domain = assembleHistory();
      await domain.say("one");
      await loseNumbers(domain, 2);
      domain.pass(3000);
      domain.history.before = (call) => {
        if (call === "close number") {
          throw failure;
        }
      };
      domain.history.calls.length = 0;
      const { answer, failures } = await domain.readHistory({ channel: "lobby", after: 0 });
      expect(answer).toMatchObject({ messages: [{ data: "one" }], upTo: 1, more: false });
      expect(failures).toEqual([failure]);
      expect(domain.history.calls.filter((call) => call === "close number")).toHaveLength(1);
    },
  );

  test("is one of many after an outage: they are closed in several answers, without a gap", async () => {
    const domain = assembleHistory();
    await domain.say("before");
    await loseNumbers(domain, 70);
    await domain.say("after");
    domain.pass(3000);
    const frames = await readAll(domain, 0);
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.map(({ gap }) => gap)).not.toContain(true);
    expect(frames.flatMap(contentOf)).toEqual([
      [1, "before"],
      [72, "after"],
    ]);
  });

  test.each([-5000, 5000])(
    "never gets a message below what was answered, with clocks that differ by %i ms",
    async (offset) => {
      const { domainAt, history, ask, pass, say } = assembleHistory();
      const elsewhere = domainAt(offset);
      const release = Promise.withResolvers<void>();
      let held = 0;
      history.before = async (call) => {
        if (call === "store message" && held === 0) {
          held += 1;
          await release.promise;
        }
      };
      const message = { to: { channel: "lobby" }, data: "late", messageId: "late" };
      const late = elsewhere.publish(message);
      await say("two");
      const answers = [];
      for (let seconds = 0; seconds < 12; seconds += 1) {
        answers.push(await ask({ after: 0 }));
        pass(1000);
      }
      release.resolve();
      expect((await late).answer).toMatchObject({ sequence: 3 });
      expect(answers.at(-1)).toMatchObject({ upTo: 2, gap: false });
      expect(contentOf(await ask({ after: 0 }))).toEqual([
        [2, "two"],
        [3, "late"],
      ]);
    },
  );
});

describe("A gap is answered", () => {
  test("when what comes next is no longer kept, deleted or not", async () => {
    for (const isDeleted of [false, true]) {
      const { say, ask, pass, history } = assembleHistory();
      await say("one");
      await say("two");
      pass(RETENTION);
      await say("three");
      if (isDeleted) {
        history.deleteExpired(NOW + RETENTION);
      }
      const frame = await ask({ after: 1, epoch: "epoch1" });
      expect(frame).toMatchObject({ upTo: 3, gap: true, more: false });
      expect(contentOf(frame)).toEqual([[3, "three"]]);
      expect(await ask({ after: 2 })).toMatchObject({ upTo: 3, gap: false });
    }
  });

  test("when everything has expired", async () => {
    const { say, ask, pass, history } = assembleHistory();
    await say("one");
    await say("two");
    pass(RETENTION);
    expect(await ask({ after: 0 })).toMatchObject({ messages: [], upTo: 2, gap: true });
    history.deleteExpired(NOW + RETENTION);
    expect(await ask({ after: 0 })).toMatchObject({ messages: [], upTo: 2, gap: true });
    expect(await ask({ after: 2 })).toMatchObject({ messages: [], upTo: 2, gap: false });
  });

  test("in place of closing a number whose message may have expired, however young its successor is", async () => {
    const { say, ask, pass, history } = assembleHistory();
    await say("one");
    pass(20 * HOUR);
    await say("two");
    pass(5 * HOUR);
    history.deleteExpired(NOW + 25 * HOUR);
    const frame = await ask({ after: 0 });
    expect(frame).toMatchObject({ upTo: 2, gap: true });
    expect(history.calls).not.toContain("close number");
  });

  test("in place of closing a number whose neighbour was closed long after it was taken", async () => {
    const domain = assembleHistory();
    const { say, ask, pass, history } = domain;
    await say("one");
    await loseNumbers(domain, 2);
    await say("four");
    pass(11 * HOUR);
    history.before = (call) => {
      if (call === "close number" && history.calls.filter((it) => it === call).length === 2) {
        throw new Error("The table is away.");
      }
    };
    expect(await ask({ after: 1 })).toMatchObject({ upTo: 2, more: false });
    pass(11 * HOUR);
    expect(await ask({ after: 1 })).toMatchObject({ upTo: 2, more: true, gap: false });
    expect(await ask({ after: 2 })).toMatchObject({ messages: [{ data: "four" }], gap: true });
  });

  describe("but not in a channel that was silent for long, for a number that was lost a moment ago:", () => {
    async function afterSilence() {
      const domain = assembleHistory();
      await domain.say("one");
      domain.pass(20 * HOUR);
      return domain;
    }

    test("the newest one, whose time the channel's position says", async () => {
      const domain = await afterSilence();
      await loseNumbers(domain, 1);
      domain.pass(3000);
      expect(await domain.ask({ after: 1 })).toMatchObject({ upTo: 2, gap: false });
    });

    test("one whose time its successor says", async () => {
      const domain = await afterSilence();
      await loseNumbers(domain, 1);
      await domain.say("three");
      domain.pass(3000);
      const frame = await domain.ask({ after: 1 });
      expect(contentOf(frame)).toEqual([[3, "three"]]);
      expect(frame).toMatchObject({ upTo: 3, gap: false });
    });

    test("several that were taken after a message", async () => {
      const domain = await afterSilence();
      await domain.say("two");
      await loseNumbers(domain, 2);
      await domain.say("five");
      domain.pass(3000);
      const frame = await domain.ask({ after: 2 });
      expect(contentOf(frame)).toEqual([[5, "five"]]);
      expect(frame).toMatchObject({ upTo: 5, gap: false });
    });
  });

  test("in an answer of its own, where it follows messages", async () => {
    const domain = assembleHistory();
    const { say, history, pass } = domain;
    await say("one");
    await say("two");
    await say("three");
    // A time to live deletes in any order.
    pass(RETENTION - 1000);
    history.entries.delete("lobby epoch1 2");
    const frames = await readAll(domain, 0);
    expect(frames.map(contentOf)).toEqual([[[1, "one"]], [[3, "three"]]]);
    expect(frames.map(({ gap }) => gap)).toEqual([false, true]);
  });

  test("when the epoch is another, and the new one is read from its beginning", async () => {
    const { say, ask, history } = assembleHistory();
    await say("old");
    history.counters.clear();
    expect(await ask({ after: 1, epoch: "epoch1" })).toMatchObject({ upTo: 0, gap: true });
    await say("new");
    for (const after of [0, 1]) {
      const frame = await ask({ after, epoch: "epoch1" });
      expect(contentOf(frame)).toEqual([[1, "new"]]);
      expect(frame).toMatchObject({ epoch: "epoch2", upTo: 1, gap: true });
    }
    expect(await ask({ after: 1, epoch: "epoch2" })).toMatchObject({ messages: [], gap: false });
  });

  test("when the asker is beyond the channel", async () => {
    const { say, ask } = assembleHistory();
    await say("one");
    expect(await ask({ after: 5 })).toMatchObject({ upTo: 1, gap: true, messages: [{}] });
  });
});

test("However much has expired, one answer makes 40 queries at most, and the next goes on", async () => {
  const domain = assembleHistory();
  for (let index = 0; index < 1200; index += 1) {
    await domain.say("old", { to: { channel: "lobby" } });
  }
  domain.pass(RETENTION + 1);
  await domain.say("new");
  domain.pass(3000);
  domain.history.calls.length = 0;
  const frame = await domain.ask({ after: 0 });
  expect(frame).toMatchObject({ messages: [], more: true, gap: true });
  expect(domain.history.calls).toHaveLength(41);
  const frames = await readAll(domain, frame.upTo);
  expect(frames.flatMap(contentOf)).toEqual([[1201, "new"]]);
});
