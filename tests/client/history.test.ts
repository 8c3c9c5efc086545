import type { Gap, RelayClientOptions, RelayMessage } from "../../client/index.ts";
import { fakeClient } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";
import type { FakeWebSocket } from "./support/fake-web-socket.ts";
import { rejection } from "./support/rejection.ts";

const EPOCH = "e1";
const OTHER_ID = "C50a8cvrtjMCI7w=";

/** An envelope of somebody else with that number. */
const envelope = (sequence: number, members: object = {}) => ({
  relay: "message",
  messageId: `m${sequence}`,
  from: { connectionId: OTHER_ID, user: "bob" },
  to: { channel: "lobby" },
  data: sequence,
  sentAt: "2026-11-22T10:00:00.000Z",
  sequence,
  epoch: EPOCH,
  ...members,
});

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A client with history in the channel lobby, and the relay's side of it. */
async function follow(options: RelayClientOptions = {}) {
  const fake = fakeClient({ channel: "lobby", history: true, random: () => 0, ...options });
  /** What the application got: numbers, and gaps as texts. */
  const got: unknown[] = [];
  fake.client.on("message", ({ data }: RelayMessage) => got.push(data));
  fake.client.on("gap", ({ from, to }: Gap) => got.push(`${from}-${to}`));
  let socket = await fake.socket();
  /** The questions for history on the newest socket. */
  const questions = () => socket.messages.filter(({ action }) => action === "history");
  const identify = async (on: FakeWebSocket, sequence?: number, epoch?: string) => {
    const channels = [{ channel: "lobby", expiresIn: 7800, sequence, epoch }];
    const connectionId = "Nq3xYd7RiYcCG4A=";
    on.frame({ relay: "id", id: "heartbeat", connectionId, expiresIn: 7800, channels });
    await settle();
  };
  return {
    ...fake,
    got,
    questions,
    socketNow: () => socket,
    /** The connection opens, or a heartbeat is answered: the channel is at this number. */
    at: async (sequence?: number, epoch = sequence ? EPOCH : undefined) => {
      if (socket.readyState === 0) {
        socket.open();
      }
      await identify(socket, sequence, epoch);
    },
    /** The line drops, and the next connection opens. */
    reconnect: async (sequence: number) => {
      socket.drop();
      await fake.delay();
      socket = await fake.socket();
      socket.open();
      await identify(socket, sequence, EPOCH);
    },
    deliver: async (...envelopes: (number | object)[]) => {
      for (const it of envelopes) {
        socket.frame(typeof it === "number" ? envelope(it) : it);
      }
      await settle();
    },
    /** Answers the last question with these messages, and everything up to `upTo`. */
    answer: async (sequences: readonly (number | object)[], upTo: number, members = {}) => {
      const id = questions().at(-1)?.id;
      const messages = sequences.map((it) => (typeof it === "number" ? envelope(it) : it));
      const frame = { relay: "history", channel: "lobby", epoch: EPOCH, messages, upTo, id };
      socket.frame({ more: false, gap: false, ...frame, ...members });
      await settle();
    },
    reject: async (code: string) => {
      const id = questions().at(-1)?.id;
      socket.frame({ relay: "error", code, message: `It is ${code}.`, id, requestId: "r1" });
      await settle();
    },
  };
}

/** One that has got everything up to number 4. */
async function followFrom4(options: RelayClientOptions = {}) {
  const positions = { lobby: { sequence: 4, epoch: EPOCH, messageIds: ["m4"] } };
  const lobby = await follow({ positions, ...options });
  await lobby.at(4);
  return lobby;
}

test("a client without a position begins where the channel is, and keeps what arrives meanwhile", async () => {
  const { at, deliver, answer, questions, got } = await follow();
  await at(7);
  expect(questions()).toMatchObject([{ channel: "lobby", last: 0 }]);
  await deliver(9, 8);
  expect(got).toEqual([]);
  await answer([], 7);
  expect(got).toEqual([8, 9]);
});

test("what arrives before the first answer and is not beyond it is given, and what is missing after it", async () => {
  const { at, deliver, answer, questions, got, clock } = await follow();
  await at(5);
  await deliver(6);
  await answer([], 7);
  expect(got).toEqual([6]);
  await clock.advance(2000);
  expect(questions().at(-1)).toMatchObject({ epoch: EPOCH, after: 6 });
  await answer([7], 7);
  expect(got).toEqual([6, 7]);
});

test("with `last` a client begins so many messages before the newest", async () => {
  const { at, answer, questions, got } = await follow({ last: 3 });
  await at(9);
  expect(questions()).toMatchObject([{ last: 3 }]);
  await answer([7, 8], 8, { more: true });
  expect(questions().at(-1)).toMatchObject({ after: 8, epoch: EPOCH });
  await answer([9], 9);
  expect(got).toEqual([7, 8, 9]);
});

test("a channel without any message is begun with its first one", async () => {
  const { at, answer, deliver, got } = await follow();
  await at(0);
  await answer([], 0, { epoch: undefined });
  await deliver(1, 2);
  expect(got).toEqual([1, 2]);
});

test("messages are given in their order, and none twice", async () => {
  const { deliver, got } = await followFrom4();
  await deliver(6, 5, 5, 6, 4, 7);
  expect(got).toEqual([5, 6, 7]);
});

test("a second copy with another number is dropped, also one of a message before a reload", async () => {
  const { deliver, got } = await followFrom4();
  await deliver(envelope(5, { messageId: "m4" }), 6, envelope(7, { messageId: "m6" }), 8);
  expect(got).toEqual([6, 8]);
});

test("a hole that stays open for two seconds is asked for, and one that closes is not", async () => {
  const { deliver, answer, questions, got, clock } = await followFrom4();
  await deliver(6);
  await clock.advance(1999);
  await deliver(5, 8);
  await clock.advance(1999);
  expect(questions()).toEqual([]);
  await clock.advance(1);
  expect(questions()).toMatchObject([{ after: 6, epoch: EPOCH }]);
  await answer([7, 8], 8);
  expect(got).toEqual([5, 6, 7, 8]);
  await clock.advance(60_000);
  expect(questions().length).toBe(1);
});

test("in a large channel a hole is asked for after 30 seconds", async () => {
  const { deliver, questions, clock } = await followFrom4();
  await deliver(envelope(6, { large: true }));
  await clock.advance(29_999);
  expect(questions()).toEqual([]);
  await clock.advance(1);
  expect(questions().length).toBe(1);
});

test("after each question in vain the next one comes twice as late, whether it was answered or not", async () => {
  const { deliver, answer, reject, questions, clock } = await followFrom4({ heartbeatAfter: 2e6 });
  await deliver(6);
  for (const [delay, code] of [
    [2000, ""],
    [4000, "THROTTLED"],
    [8000, "RATE_LIMITED"],
    [16_000, "UNAVAILABLE"],
  ] as const) {
    const { length } = questions();
    await clock.advance(delay - 1);
    expect(questions().length).toBe(length);
    await clock.advance(1);
    expect(questions().length).toBe(length + 1);
    await (code ? reject(code) : answer([], 4));
  }
});

test("a closed number is passed over without a gap", async () => {
  const { deliver, answer, got, clock } = await followFrom4();
  await deliver(7);
  await clock.advance(2000);
  await answer([5, 7], 7);
  expect(got).toEqual([5, 7]);
});

test("what is not kept any more is a gap at its place, less what was delivered", async () => {
  const { deliver, answer, got, clock } = await followFrom4();
  await deliver(6, 9);
  await clock.advance(2000);
  await answer([9, 10], 10, { gap: true });
  expect(got).toEqual(["5-5", 6, "7-8", 9, 10]);
});

test("a gap has the channel and the epoch, and the channel emits it, too", async () => {
  const { client, at, answer } = await follow({
    positions: { lobby: { sequence: 4, epoch: EPOCH, messageIds: [] } },
  });
  const gaps: Gap[] = [];
  client.subscribe("lobby").on("gap", (gap) => gaps.push(gap));
  await at(6);
  await answer([], 6, { gap: true });
  expect(gaps).toEqual([{ channel: "lobby", epoch: EPOCH, from: 5, to: 6 }]);
});

test("when the numbers have begun anew, the end of the earlier count is a gap, and the new one is given from its beginning", async () => {
  const { at, answer, deliver, got, questions, client } = await followFrom4();
  await at(2, "e2");
  expect(questions()).toMatchObject([{ after: 4, epoch: EPOCH }]);
  const messages = [1, 2].map((it) => envelope(it, { epoch: "e2", messageId: `n${it}` }));
  await answer(messages, 2, { gap: true, epoch: "e2" });
  await deliver(envelope(3, { epoch: "e2", messageId: "n3" }));
  expect(got).toEqual(["5-Infinity", 1, 2, 3]);
  expect(client.positions().lobby).toMatchObject({ epoch: "e2", sequence: 3 });
});

test("after a reconnect only a channel that is ahead is asked for, on the new connection", async () => {
  const { reconnect, answer, deliver, questions, got } = await followFrom4();
  await deliver(5);
  await reconnect(5);
  expect(questions()).toEqual([]);
  await reconnect(7);
  expect(questions()).toMatchObject([{ after: 5, epoch: EPOCH }]);
  await answer([6, 7], 7);
  expect(got).toEqual([5, 6, 7]);
});

test("a question that the end of its connection cut short is asked again on the next one", async () => {
  const { at, reconnect, questions } = await followFrom4();
  await at(5);
  expect(questions().length).toBe(1);
  await reconnect(5);
  expect(questions()).toMatchObject([{ after: 4 }]);
});

test("the heartbeat asks for positions, and a channel that is ahead is asked for", async () => {
  const { socketNow, at, answer, questions, got, clock } = await followFrom4();
  expect(JSON.parse(socketNow().sent[0] ?? "")).toMatchObject({ positions: true });
  await clock.advance(300_000);
  expect(JSON.parse(socketNow().sent.at(-1) ?? "")).toMatchObject({ positions: true });
  await at(5);
  await answer([5], 5);
  expect([questions().length, got]).toEqual([1, [5]]);
});

test("a client without history does not ask for positions", async () => {
  const { socketNow, at } = await follow({ history: false });
  await at();
  expect(socketNow().sent[0]).not.toContain("positions");
});

test("a channel that is joined by a message is asked for at the position that the answer has", async () => {
  const { client, socketNow, at, questions } = await followFrom4();
  await at(4);
  client.subscribe("news");
  await settle();
  const id = socketNow().messages.at(-1)?.id;
  const news = { channel: "news", expiresIn: 7800, sequence: 3, epoch: "n" };
  socketNow().frame({ relay: "subscribed", channels: [news], id });
  await settle();
  expect(questions()).toMatchObject([{ channel: "news", last: 0 }]);
});

test("one's own message is asked for when its receipt is there, once a second at most", async () => {
  const { client, socketNow, answer, questions, got, clock } = await followFrom4();
  const send = async (sequence: number) => {
    void client.send({ channel: "lobby" }, sequence);
    await settle();
    const id = socketNow().messages.at(-1)?.id;
    const counts = { delivered: 1, gone: 0, failed: 0, complete: true };
    socketNow().frame({ relay: "receipt", id, ...counts, sequence, epoch: EPOCH });
    await settle();
    await clock.advance(0);
  };
  await send(5);
  expect(questions()).toMatchObject([{ after: 4 }]);
  await answer([5], 5);
  await send(6);
  await send(7);
  await clock.advance(999);
  expect(questions().length).toBe(1);
  await clock.advance(1);
  expect(questions().at(-1)).toMatchObject({ after: 5 });
  await answer([6, 7], 7);
  expect(got).toEqual([5, 6, 7]);
});

test("one's own message comes through the other connection during a rotation as well, and once", async () => {
  const { deliver, got } = await followFrom4();
  await deliver(envelope(5, { from: { connectionId: "Nq3xYd7RiYcCG4A=" } }));
  await deliver(5);
  expect(got).toEqual([5]);
});

test("what has no number arrives at once, as without history", async () => {
  const { deliver, got } = await followFrom4();
  const typing = { ...envelope(0), data: "typing", sequence: undefined, epoch: undefined };
  await deliver(6, typing, typing);
  expect(got).toEqual(["typing"]);
});

test("more than maxCatchUp numbers are a gap, and the newest are asked for", async () => {
  const { at, answer, questions, got } = await followFrom4({ maxCatchUp: 10 });
  await at(104);
  expect(got).toEqual(["5-94"]);
  expect(questions()).toMatchObject([{ after: 94 }]);
  await answer(numbers(95, 99), 99, { more: true });
  await answer(numbers(100, 104), 104);
  expect(got).toEqual(["5-94", ...numbers(95, 104)]);
});

test("what is sent while a client catches up is no gap", async () => {
  const { at, deliver, answer, got } = await followFrom4({ maxCatchUp: 10 });
  await at(14);
  await answer(numbers(5, 6), 6, { more: true });
  await deliver(15, 16, 17);
  await answer(numbers(7, 17), 17);
  expect(got).toEqual(numbers(5, 17));
});

test("positions() within a listener includes the message, and another client goes on after it", async () => {
  const { client, deliver } = await followFrom4();
  const stored: string[] = [];
  client.on("message", () => stored.push(JSON.stringify(client.positions())));
  await deliver(6, 5);
  const [first] = stored;
  expect(JSON.parse(first ?? "")).toEqual({
    lobby: { sequence: 5, epoch: EPOCH, messageIds: ["m4", "m5"] },
  });
  const next = await follow({ positions: JSON.parse(first ?? "") });
  expect(next.client.positions()).toEqual(JSON.parse(first ?? ""));
  await next.at(6);
  await next.answer([envelope(6, { messageId: "m5" }), 7], 7);
  expect(next.got).toEqual([7]);
});

test("positions outlast close(), and unsubscribe() ends them", async () => {
  const { client, deliver } = await followFrom4();
  await deliver(5);
  const channel = client.subscribe("lobby");
  const before = client.positions();
  client.close();
  expect(client.positions()).toEqual(before);
  const other = await followFrom4();
  other.client.subscribe("lobby").unsubscribe();
  expect(other.client.positions()).toEqual({});
  expect(channel.name).toBe("lobby");
});

test("a listener that closes the client, or leaves the channel, gets nothing more", async () => {
  for (const end of ["close", "unsubscribe"] as const) {
    const { client, deliver, got, clock } = await followFrom4();
    const channel = client.subscribe("lobby");
    channel.on("message", () => (end === "close" ? client.close() : channel.unsubscribe()));
    await deliver(7, 6, 5);
    expect(got).toEqual([5]);
    if (end === "close") {
      expect(client.positions().lobby?.sequence).toBe(5);
      expect(clock.timers).toBe(0);
    }
  }
});

test("positions that are not valid are an error, and the others count", async () => {
  const lobby = { sequence: 4, epoch: EPOCH, messageIds: [] };
  const positions: unknown = { lobby, a: null, b: { sequence: -1, messageIds: [] }, c: 5 };
  const { at, all, questions } = await follow({ positions } as RelayClientOptions);
  await at(5);
  expect(questions()).toMatchObject([{ after: 4 }]);
  expect(all("error")).toMatchObject([{ code: "INVALID_OPTION", option: "positions" }]);
});

test("options of history of another type are rejected by their names", () => {
  const invalid: [object, string][] = [
    [{ history: "yes" }, "history must be a boolean."],
    [{ positions: "lobby" }, "positions must be an object."],
    [{ last: -1 }, "last must be a number from 0 to 2147483647."],
    [{ maxCatchUp: 0 }, "maxCatchUp must be a number from 1 to 2147483647."],
  ];
  for (const [options, message] of invalid) {
    expect(() => fakeClient(options)).toThrow(message);
  }
});

test("a relay without history is an error once, and messages arrive as without the option", async () => {
  const { at, deliver, all, got, questions } = await follow();
  await at();
  await at();
  await deliver({ ...envelope(1), sequence: undefined, epoch: undefined });
  expect(all("error")).toMatchObject([{ code: "NO_HISTORY" }]);
  expect([got, questions()]).toEqual([[1], []]);
});

test("older messages are read page by page up to the beginning, and are not emitted", async () => {
  const { client, socketNow, got } = await followFrom4({ history: false });
  const channel = client.subscribe("lobby");
  const answer = async (sequences: number[], upTo: number, members = {}) => {
    const messages = sequences.map((it) => envelope(it));
    const id = socketNow().messages.at(-1)?.id;
    const frame = { relay: "history", channel: "lobby", epoch: EPOCH, messages, upTo, id };
    await settle();
    socketNow().frame({ more: false, gap: false, ...frame, ...members });
  };
  const newest = channel.history({ last: 3 });
  await settle();
  expect(socketNow().messages.at(-1)).toMatchObject({ last: 3 });
  await answer([8, 9], 9, { more: true });
  await settle();
  expect(socketNow().messages.at(-1)).toMatchObject({ after: 9, epoch: EPOCH });
  await answer([10], 10);
  const { messages, before } = await newest;
  expect(messages.map(({ data }) => data)).toEqual([8, 9, 10]);
  expect(messages[0]).not.toHaveProperty("relay");
  expect(before).toEqual({ sequence: 8, epoch: EPOCH });
  const older = channel.history({ before, last: 10 });
  await settle();
  expect(socketNow().messages.at(-1)).toMatchObject({ after: 0, epoch: EPOCH });
  await answer([1, 2, 5, 8, 9], 10);
  expect((await older).messages.map(({ data }) => data)).toEqual([1, 2, 5]);
  expect((await older).before).toBeUndefined();
  expect(got).toEqual([]);
});

test("there is nothing before what is not kept any more, or in another count", async () => {
  const { client, answer, at } = await followFrom4();
  await at(4);
  const channel = client.subscribe("lobby");
  const expired = channel.history({ before: { sequence: 90, epoch: EPOCH }, last: 50 });
  await settle();
  await answer([60, 61, 95], 95, { gap: true });
  expect(await expired).toMatchObject({ messages: [{ data: 60 }, { data: 61 }] });
  expect((await expired).before).toBeUndefined();
  const other = channel.history({ before: { sequence: 90, epoch: "e0" }, last: 50 });
  await settle();
  await answer([1], 1, { gap: true });
  expect(await other).toEqual({ messages: [], before: undefined });
});

test("a channel that no history can be read of rejects as a send does", async () => {
  const { client, reject, at } = await followFrom4();
  await at(4);
  const read = rejection(client.subscribe("lobby").history());
  await settle();
  await reject("INVALID_MESSAGE");
  expect(await read).toMatchObject({ code: "INVALID_MESSAGE" });
});

test("odd members of frames throw nothing, and the client goes on", async () => {
  const { at, deliver, answer, socketNow, got, clock, all } = await followFrom4();
  const odd = [5, null, "lobby", { channel: 7, sequence: "8" }, { sequence: {} }];
  for (const channels of [odd, 7, null, { length: 3 }]) {
    socketNow().frame({ relay: "id", id: "heartbeat", connectionId: "Nq3xYd7RiYcCG4A=", channels });
    socketNow().frame({ relay: "subscribed", channels, id: "x" });
  }
  await deliver(
    envelope(5, { to: null }),
    envelope(5, { sequence: "5" }),
    envelope(5, { from: 0 }),
  );
  await deliver(6);
  await clock.advance(2000);
  await answer(odd as object[], "6" as never);
  await clock.advance(4000);
  await answer([...(odd as object[]), 5, 6], 6);
  expect([got.slice(-2), all("closed")]).toEqual([[5, 6], []]);
  await at(6);
});

test("a message may be left out of history", async () => {
  const { client, socketNow } = await followFrom4();
  void client.send({ channel: "lobby" }, "typing", { keep: false }).catch(() => {});
  await settle();
  expect(socketNow().messages.at(-1)).toMatchObject({ data: "typing", keep: false });
  client.close();
});
