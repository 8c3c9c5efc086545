import type { Channel, ChannelEvents, RelayClientOptions } from "../../client/index.ts";
import { fakeClient, openClient } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";
import { rejection } from "./support/rejection.ts";

const [OLD_ID, NEXT_ID] = ["Nq3xYd7RiYcCG4A=", "Nq3xYd7RiYcCG4B="];

/** The values of a channel's events of that name, as they come. */
function recorded<Name extends keyof ChannelEvents>(channel: Channel, name: Name) {
  const values: ChannelEvents[Name][] = [];
  channel.on(name, (value) => values.push(value));
  return values;
}

const message = (channel: string, messageId = "m1") => ({
  relay: "message",
  messageId,
  from: { connectionId: "C50a8cvrtjMCI7w=", user: "bob" },
  to: { channel },
  data: "hi",
  sentAt: "2026-11-22T10:00:00.000Z",
});

test("the constructor's channels are in the URL, up to 10, and a list joins the others before the client is open", async () => {
  const channels = Array.from({ length: 36 }, (_, number) => `c${number}`);
  const { socket, all } = fakeClient({ channel: "lobby", channels });
  const first = await socket();
  expect(first.channels).toEqual(["lobby", ...channels.slice(0, 9)]);
  first.welcome(OLD_ID);
  await settle();
  expect(first.messages).toMatchObject([{ action: "subscribe", channel: channels.slice(9, 33) }]);
  first.subscribed();
  await settle();
  expect(first.messages.at(-1)).toMatchObject({ channel: channels.slice(33) });
  expect(all("open")).toEqual([]);
  first.subscribed();
  await settle();
  expect(all("open").length).toBe(1);
});

test("a channel that is joined later receives its messages, and the client does, too", async () => {
  const { client, socket, all } = await openClient();
  const channel = client.subscribe("news");
  const messages = recorded(channel, "message");
  await settle();
  expect(socket.messages).toMatchObject([{ action: "subscribe", channel: ["news"] }]);
  socket.subscribed();
  socket.frame(message("news"));
  socket.frame(message("lobby", "m2"));
  expect(messages.map(({ messageId }) => messageId)).toEqual(["m1"]);
  expect(all("message").map(({ messageId }) => messageId)).toEqual(["m1", "m2"]);
});

test("a message to a channel waits until the client is in it, and one to somebody else does not", async () => {
  const { client, socket } = await openClient();
  const channel = client.subscribe("news");
  const sent = channel.send(1);
  void client.send({ user: "bob" }, 2).catch(() => {});
  await settle();
  expect(socket.messages.map(({ data, action }) => data ?? action).sort()).toEqual([
    2,
    "subscribe",
  ]);
  socket.subscribed();
  await settle();
  expect(socket.messages.at(-1)).toMatchObject({ data: 1, forward: { channel: "news" } });
  socket.receipt(-1);
  expect((await sent).delivered).toBe(1);
});

test("a channel survives a lost connection: it is joined again before the client is open, by the URL", async () => {
  const { client, clock, socket, nextSocket, all } = await openClient({ baseDelay: 100 });
  client.subscribe("news");
  client.subscribe("secret", { token: "a.b.c" });
  await settle();
  socket.subscribed();
  await settle();
  expect(socket.messages.at(-1)).toMatchObject({ channel: ["secret"], token: "a.b.c" });
  socket.subscribed();
  await settle();
  await clock.advance(31_000);
  socket.drop();
  await clock.advance(100);
  const next = await nextSocket();
  expect(next.channels).toEqual(["news"]);
  next.welcome(NEXT_ID);
  await settle();
  expect(next.messages).toMatchObject([{ channel: ["secret"], token: "a.b.c" }]);
  expect(all("open").length).toBe(1);
  next.subscribed();
  await settle();
  expect(all("open").length).toBe(2);
});

test("after an attempt that failed, channels are joined by messages: one that is forbidden now closes alone", async () => {
  const { client, clock, socket, nextSocket, all } = await openClient({ baseDelay: 100 });
  const [news, old] = [client.subscribe("news"), client.subscribe("old")];
  const closed = [recorded(news, "closed"), recorded(old, "closed")];
  await settle();
  socket.subscribed();
  await settle();
  socket.subscribed();
  await settle();
  await clock.advance(31_000);
  socket.drop();
  await clock.advance(100);
  const rejected = await nextSocket();
  expect(rejected.channels).toEqual(["news", "old"]);
  rejected.drop();
  await clock.advance(200);
  const next = await nextSocket();
  expect(next.channels).toEqual([]);
  next.welcome(NEXT_ID);
  await settle();
  expect(next.messages.at(-1)).toMatchObject({ channel: ["news", "old"] });
  next.reject("FORBIDDEN");
  await settle();
  expect(next.messages.at(-1)).toMatchObject({ channel: ["news"] });
  next.subscribed();
  await settle();
  next.reject("FORBIDDEN");
  await settle();
  expect(closed).toMatchObject([
    [],
    [{ reason: "It is FORBIDDEN.", cause: { code: "FORBIDDEN" } }],
  ]);
  expect(client.state).toBe("open");
  expect(all("open").length).toBe(2);
});

test("a relay that limits the messages is waited for, before the client is open", async () => {
  const channels = Array.from({ length: 12 }, (_, number) => `c${number}`);
  const { clock, socket, all } = fakeClient({ channels, baseDelay: 1000 });
  const first = await socket();
  first.welcome(OLD_ID);
  for (const delay of [1000, 2000, 4000]) {
    await settle();
    first.reject("RATE_LIMITED");
    await clock.advance(delay - 1);
    const { length } = first.messages;
    await clock.advance(1);
    expect(first.messages.length).toBe(length + 1);
  }
  expect(all("open")).toEqual([]);
  first.subscribed();
  await settle();
  expect(all("open").length).toBe(1);
});

test("a heartbeat that the relay answers with RATE_LIMITED is a sign of life", async () => {
  const { client, clock, socket, sockets } = await openClient();
  await clock.advance(300_000);
  socket.frame({ relay: "error", code: "RATE_LIMITED", message: "Slowly.", id: "heartbeat" });
  await clock.advance(60_000);
  expect([client.state, sockets.length]).toEqual(["open", 1]);
});

test("the token function of a channel is asked for each connection, with the channel's name", async () => {
  const asked: string[] = [];
  const { client, clock, socket, nextSocket } = await openClient({ rotateAfter: 100_000 });
  client.subscribe("secret", {
    token: async (channel) => {
      asked.push(channel);
      return `token.${asked.length}.x`;
    },
  });
  await settle();
  expect(socket.messages.at(-1)).toMatchObject({ channel: ["secret"], token: "token.1.x" });
  socket.subscribed();
  await clock.advance(100_000);
  const next = await nextSocket();
  expect(next.channels).toEqual([]);
  next.welcome(NEXT_ID);
  await settle();
  expect(next.messages.at(-1)).toMatchObject({ channel: ["secret"], token: "token.2.x" });
  expect(asked).toEqual(["secret", "secret"]);
});

test("before the token of a channel ends, another connection takes over, on which it is joined with a fresh one", async () => {
  let calls = 0;
  const { client, clock, socket, sockets, nextSocket } = await openClient({ random: () => 0 });
  client.subscribe("secret", { token: () => `token.${++calls}.x` });
  await settle();
  socket.subscribed(200);
  await settle();
  await clock.advance(139_999);
  expect(sockets.length).toBe(1);
  await clock.advance(1);
  const next = await nextSocket();
  next.welcome(NEXT_ID);
  await settle();
  expect([client.state, socket.closedWith]).toEqual(["open", undefined]);
  expect(next.messages.at(-1)).toMatchObject({ token: "token.2.x" });
  next.subscribed(200);
  await clock.advance(5000);
  expect(socket.closedWith).toBe(1000);
});

test("a token function that fails is asked again later, and the client does not wait for it", async () => {
  let fails = true;
  const options: RelayClientOptions = { baseDelay: 1000 };
  const { client, clock, socket, all } = fakeClient(options);
  const channel = client.subscribe("secret", {
    token: () => {
      if (fails) {
        throw new Error("Nobody is signed in.");
      }
      return "a.b.c";
    },
  });
  const closed = recorded(channel, "closed");
  const first = await socket();
  first.welcome(OLD_ID);
  await settle();
  expect([all("open").length, first.messages]).toEqual([0, []]);
  await clock.advance(1000);
  expect([all("open").length, first.messages]).toEqual([1, []]);
  fails = false;
  await clock.advance(2000);
  expect(first.messages).toMatchObject([{ channel: ["secret"] }]);
  expect(closed).toEqual([]);
});

test("a token function that never settles holds the client up for connectTimeout at most", async () => {
  const { client, clock, socket, all } = fakeClient({ connectTimeout: 5000 });
  client.subscribe("secret", { token: () => new Promise<string>(() => {}) });
  const first = await socket();
  first.welcome(OLD_ID);
  await clock.advance(4999);
  expect(all("open")).toEqual([]);
  await clock.advance(1);
  await clock.advance(1000);
  expect(all("open").length).toBe(1);
  client.close();
  expect(clock.timers).toBe(0);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("Nobody is signed in.");
    },
  ],
  ["rejects", () => Promise.reject(new Error("Nobody is signed in."))],
])(
  "a token function that %s leaves no timer, which would reject with nobody to handle it",
  async (_, token) => {
    const { client, clock } = await openClient({ baseDelay: 1000 });
    client.subscribe("secret", { token });
    await clock.advance(5000);
    client.close();
    expect(clock.timers).toBe(0);
  },
);

test("a connection that loses its registration while channels are joined has failed, and nothing of it goes out on the next one", async () => {
  const channels = Array.from({ length: 11 }, (_, number) => `c${number}`);
  const { clock, socket, sockets } = fakeClient({ channels, baseDelay: 100 });
  const first = await socket();
  first.welcome(OLD_ID);
  await settle();
  first.forget(first.messages.at(-1)?.id);
  await clock.advance(100);
  expect(sockets.length).toBe(2);
  const next = await socket();
  next.welcome(NEXT_ID);
  await settle();
  expect(next.messages).toMatchObject([{ channel: channels }]);
});

test("a subscription for which a connection was not registered any more goes out once on the next one", async () => {
  const { client, socket, nextSocket } = await openClient();
  client.subscribe("news");
  await settle();
  socket.forget(socket.messages.at(-1)?.id);
  const next = await nextSocket();
  next.welcome(NEXT_ID);
  await settle();
  next.subscribed();
  await settle();
  expect(next.messages.length).toBe(1);
});

test("a channel that is left is left on the wire, closes once, and sends to it are the relay's business", async () => {
  const { client, socket } = await openClient();
  const channel = client.subscribe("news");
  const [closed, messages] = [recorded(channel, "closed"), recorded(channel, "message")];
  await settle();
  socket.subscribed();
  await settle();
  channel.unsubscribe();
  channel.unsubscribe();
  await settle();
  const { action, channel: name, id } = socket.messages.at(-1) ?? {};
  expect([action, name]).toEqual(["unsubscribe", "news"]);
  socket.frame(message("news"));
  socket.frame({ relay: "unsubscribed", channel: "news", id });
  await settle();
  expect([closed, messages]).toEqual([[{ reason: "Unsubscribed." }], []]);
  expect(socket.messages.length).toBe(2);
});

test("a channel that is left while it is being joined is left when it has been joined", async () => {
  const { client, socket } = await openClient();
  client.subscribe("news").unsubscribe();
  await settle();
  expect(socket.messages.map(({ action }) => action)).toEqual(["subscribe"]);
  socket.subscribed();
  await settle();
  expect(socket.messages.at(-1)).toMatchObject({ action: "unsubscribe", channel: "news" });
});

test("a token that comes after its connection has ended is used on no other, nor for a channel that was left", async () => {
  const give: ((token: string) => void)[] = [];
  const { client, clock, socket, nextSocket } = await openClient({ baseDelay: 100 });
  const token = () => new Promise<string>((resolve) => give.push(resolve));
  const left = client.subscribe("old", { token });
  client.subscribe("secret", { token });
  await settle();
  left.unsubscribe();
  socket.drop();
  await clock.advance(100);
  const next = await nextSocket();
  next.welcome(NEXT_ID);
  await settle();
  give[0]?.("late.token.x");
  give[1]?.("next.token.x");
  await settle();
  next.subscribed();
  await settle();
  expect(next.messages).toMatchObject([{ channel: ["secret"], token: "next.token.x" }]);
});

test("a token function is not called for a client that has been closed", async () => {
  const { client, clock } = await openClient();
  let calls = 0;
  const token = () => {
    calls++;
    return new Promise<string>(() => {});
  };
  client.subscribe("secret", { token, presence: true });
  client.close();
  await settle();
  expect([calls, clock.timers]).toEqual([0, 0]);
});

test("an unsubscribed that the client did not ask for ends the channel", async () => {
  const { client, socket, nextSocket, clock } = await openClient();
  const channel = client.subscribe("news");
  const closed = recorded(channel, "closed");
  await settle();
  socket.subscribed();
  await settle();
  socket.frame({ relay: "unsubscribed", channel: "news" });
  expect(closed).toEqual([{ reason: "Closed by the relay." }]);
  await clock.advance(31_000);
  socket.drop();
  await clock.advance(1000);
  expect((await nextSocket()).channels).toEqual([]);
});

test("a membership that the relay no longer knows is noticed by the heartbeat, and joined again", async () => {
  const { client, clock, socket } = await openClient();
  client.subscribe("news");
  await settle();
  socket.subscribed();
  await clock.advance(300_000);
  socket.register(OLD_ID, 7500, []);
  await settle();
  expect(socket.messages.filter(({ action }) => action === "subscribe").length).toBe(2);
});

test.each([
  ["a closed frame", "You are banned.", { relay: "closed", reason: "You are banned." }],
  ["a closed frame without a reason", "Closed by the relay.", { relay: "closed" }],
])("%s is the end", async (_, reason, frame) => {
  const { client, clock, socket, sockets, all } = await openClient();
  const channel = client.subscribe("news");
  const closed = recorded(channel, "closed");
  const waiting = rejection(channel.send(1));
  socket.frame(frame);
  expect(all("closed")).toEqual([{ state: "closed", reason }]);
  expect(closed).toMatchObject([{ reason }]);
  expect(await waiting).toEqual({ code: "CLOSED", mayHaveArrived: false });
  await clock.advance(600_000);
  expect([sockets.length, clock.timers]).toEqual([1, 0]);
});

test("a close with code 1000 that the client did not begin is the end, and any other code is not", async () => {
  const { clock, socket, sockets, all } = await openClient();
  socket.drop(1000, "Connection Closed Normally");
  expect(all("closed")).toEqual([{ state: "closed", reason: "Closed by the relay." }]);
  await clock.advance(600_000);
  expect([sockets.length, clock.timers]).toEqual([1, 0]);
  const other = await openClient();
  other.socket.drop(1001, "Going away");
  expect(other.all("closed")).toEqual([]);
  expect(other.client.state).toBe("reconnecting");
});

test("a joined channel is on both connections of a rotation before the next one takes over", async () => {
  const { client, clock, socket, nextSocket, all } = await openClient({ rotateAfter: 100_000 });
  const messages = recorded(client.subscribe("news"), "message");
  await settle();
  socket.subscribed();
  await clock.advance(100_000);
  const next = await nextSocket();
  client.subscribe("late");
  await settle();
  socket.subscribed();
  expect(next.channels).toEqual(["news"]);
  next.welcome(NEXT_ID);
  await settle();
  expect(next.messages).toMatchObject([{ channel: ["late"] }]);
  expect(all("open").length).toBe(1);
  socket.frame(message("news", "m1"));
  next.subscribed();
  await settle();
  expect(all("open").length).toBe(2);
  next.frame(message("news", "m1"));
  socket.frame(message("news", "m2"));
  next.frame(message("news", "m2"));
  expect(messages.map(({ messageId }) => messageId)).toEqual(["m1", "m2"]);
});

test("members come page by page, once the client is in the channel", async () => {
  const { client, socket } = await openClient();
  const channel = client.subscribe("news");
  const found: unknown[] = [];
  const reading = (async () => {
    for await (const { connectionId } of channel.members()) {
      found.push(connectionId);
    }
  })();
  await settle();
  socket.subscribed();
  await settle();
  const answer = (members: string[], next?: string) => {
    const { id } = socket.messages.at(-1) ?? {};
    const since = 1_732_000_000_000;
    const all = members.map((connectionId) => ({ connectionId, since, expiresIn: 60 }));
    socket.frame({ relay: "members", channel: "news", members: all, next, id });
  };
  expect(socket.messages.at(-1)).toMatchObject({ action: "members", channel: "news" });
  answer(["a=", "b="], "b=");
  await settle();
  expect(socket.messages.at(-1)).toMatchObject({ after: "b=" });
  answer(["c="]);
  await reading;
  expect(found).toEqual(["a=", "b=", "c="]);
});

test("a second subscribe changes nothing without options, and joins anew with some", async () => {
  const { client, socket } = await openClient();
  client.subscribe("news");
  await settle();
  socket.subscribed();
  const again = recorded(client.subscribe("news"), "message");
  await settle();
  expect(socket.messages.length).toBe(1);
  client.subscribe("news", { token: "a.b.c" });
  await settle();
  expect(socket.messages.at(-1)).toMatchObject({ channel: ["news"], token: "a.b.c" });
  socket.frame(message("news"));
  expect(again.length).toBe(1);
});

test.each([
  ["", {}, "channel"],
  ["a b", {}, "channel"],
  ["news", { precense: true } as object, "precense"],
  ["news", { presence: "yes" } as object, "presence"],
  ["news", { token: "not a JWT" }, "token"],
  ["news", { token: 7 } as object, "token"],
])("subscribe(%j, %j) is rejected, with the option's name", async (name, options, option) => {
  const { client } = fakeClient();
  expect(() => client.subscribe(name, options)).toThrow(
    expect.objectContaining({ code: "INVALID_OPTION", option }),
  );
});

test("a name is one channel, however it is spelt", async () => {
  const { client, socket } = await openClient({ channels: ["\u00eb"] });
  const messages = recorded(client.subscribe("e\u0308"), "message");
  socket.frame(message("\u00eb"));
  expect(messages.length).toBe(1);
});

test("a closed client joins nothing more", async () => {
  const { client, clock } = await openClient();
  client.close();
  expect(() => client.subscribe("news")).toThrow(expect.objectContaining({ code: "CLOSED" }));
  expect(clock.timers).toBe(0);
});

test("nothing is left of a client that is closed while it waits to join", async () => {
  const { client, clock, socket } = await openClient();
  client.subscribe("news");
  await settle();
  socket.reject("UNAVAILABLE");
  await settle();
  client.close();
  await settle();
  expect(clock.timers).toBe(0);
});

test("null in the place of the options counts as none", async () => {
  const { client, socket } = await openClient();
  client.subscribe("news", { presence: true });
  client.subscribe("news", null as never);
  await settle();
  expect(socket.messages).toMatchObject([{ channel: ["news"], presence: true }]);
});
