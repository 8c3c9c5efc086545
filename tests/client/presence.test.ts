import type { PresenceChange } from "../../client/index.ts";
import { openClient } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";

const SINCE = 1_732_000_000_000;

interface FakeMember {
  readonly connectionId: string;
  readonly user?: string;
  readonly since?: number;
  readonly expiresIn?: number;
}

const member = ({ connectionId, user, since = SINCE, expiresIn = 7000 }: FakeMember) => ({
  connectionId,
  user,
  since,
  expiresIn,
});

/** A client in a channel with presence, what the channel says of its users, and the relay's side of it. */
async function watch() {
  const fake = await openClient({ random: () => 0 });
  const channel = fake.client.subscribe("lobby", { presence: true });
  const changes: string[] = [];
  channel.on("presence", ({ event, user }: PresenceChange) => changes.push(`${user} ${event}`));
  const questions = () => fake.socket.messages.filter(({ action }) => action === "members");
  const answer = async (members: readonly FakeMember[]) => {
    const id = questions().at(-1)?.id;
    const frame = { relay: "members", channel: "lobby", members: members.map(member), id };
    fake.socket.frame(frame);
    await settle();
  };
  const notify = (event: string, of: FakeMember) =>
    fake.socket.frame({ relay: "presence", channel: "lobby", event, ...member(of) });
  await settle();
  expect(fake.socket.messages.at(-1)).toMatchObject({ presence: true, channel: ["lobby"] });
  fake.socket.subscribed();
  await settle();
  return { ...fake, channel, changes, questions, answer, notify };
}

const ALICE = { connectionId: "a=", user: "alice" };
const BOB = { connectionId: "b=", user: "bob" };

test("whoever is there is told one by one, and then who comes and goes, by users", async () => {
  const { clock, changes, answer, notify } = await watch();
  await answer([ALICE, BOB, { connectionId: "b2=", user: "bob" }, { connectionId: "x=" }]);
  expect(changes).toEqual(["alice joined", "bob joined"]);
  notify("joined", { connectionId: "c=", user: "carol" });
  notify("left", BOB);
  await clock.advance(20_000);
  expect(changes.slice(2)).toEqual(["carol joined"]);
  notify("left", { connectionId: "b2=", user: "bob" });
  await clock.advance(9999);
  expect(changes.length).toBe(3);
  await clock.advance(1);
  expect(changes.slice(3)).toEqual(["bob left"]);
});

test("a user who comes back within ten seconds has never left, so a rotation shows nothing", async () => {
  const { clock, changes, answer, notify } = await watch();
  await answer([ALICE, BOB]);
  notify("left", BOB);
  await clock.advance(9000);
  notify("joined", { connectionId: "b2=", user: "bob" });
  await clock.advance(60_000);
  // The other order is a rotation's.
  notify("joined", { connectionId: "b3=", user: "bob" });
  notify("left", { connectionId: "b2=", user: "bob" });
  await clock.advance(60_000);
  expect(changes).toEqual(["alice joined", "bob joined"]);
});

test("frames that come twice, late or for an earlier membership change nothing", async () => {
  const { clock, changes, answer, notify } = await watch();
  await answer([ALICE]);
  notify("left", BOB);
  notify("joined", BOB);
  notify("left", { ...ALICE, since: SINCE - 1 });
  await clock.advance(20_000);
  expect(changes).toEqual(["alice joined"]);
  notify("joined", { ...BOB, since: SINCE + 1 });
  notify("joined", { ...BOB, since: SINCE + 1 });
  notify("left", BOB);
  await clock.advance(20_000);
  expect(changes).toEqual(["alice joined", "bob joined"]);
});

test("a user whose membership ends has left, unless it lasts longer meanwhile", async () => {
  const { clock, changes, answer, notify } = await watch();
  await answer([
    { ...ALICE, expiresIn: 60 },
    { ...BOB, expiresIn: 60 },
  ]);
  await clock.advance(50_000);
  notify("joined", { ...ALICE, expiresIn: 600 });
  await clock.advance(19_999);
  expect(changes).toEqual(["alice joined", "bob joined"]);
  await clock.advance(1);
  expect(changes.slice(2)).toEqual(["bob left"]);
});

test("what was lost is found out by the next question, a few minutes later", async () => {
  const { clock, socket, changes, questions, answer } = await watch();
  await answer([ALICE, BOB]);
  await clock.advance(299_999);
  expect(questions().length).toBe(1);
  await clock.advance(1);
  expect(questions().length).toBe(2);
  await answer([ALICE, { connectionId: "c=", user: "carol" }]);
  socket.register("Nq3xYd7RiYcCG4A=", 7000, ["lobby"]);
  await clock.advance(10_000);
  expect(changes).toEqual(["alice joined", "bob joined", "carol joined", "bob left"]);
});

test("somebody whom an answer misses is asked for once more before he seems to have left", async () => {
  const { clock, changes, questions, answer, notify } = await watch();
  await answer([ALICE]);
  notify("joined", BOB);
  await clock.advance(300_000);
  await answer([ALICE]);
  await clock.advance(8000);
  expect(questions().length).toBe(3);
  await answer([ALICE, BOB]);
  await clock.advance(60_000);
  expect(changes).toEqual(["alice joined", "bob joined"]);
});

test("who comes while the question is on its way is newer than its answer", async () => {
  const { clock, changes, answer, notify } = await watch();
  notify("joined", BOB);
  notify("left", ALICE);
  await answer([ALICE]);
  await clock.advance(7000);
  expect(changes).toEqual(["bob joined"]);
});

test("a question in vain is asked again soon", async () => {
  const { clock, changes, questions, socket, answer } = await watch();
  socket.reject("UNAVAILABLE");
  await settle();
  await clock.advance(8000);
  expect(questions().length).toBe(2);
  await answer([ALICE]);
  expect(changes).toEqual(["alice joined"]);
});

test("after a reconnect, presence is asked for again, and only what has changed is told", async () => {
  const fake = await watch();
  await fake.answer([ALICE, BOB]);
  await fake.clock.advance(31_000);
  fake.socket.drop();
  await fake.clock.advance(1000);
  const next = await fake.nextSocket();
  next.welcome("Nq3xYd7RiYcCG4B=");
  await settle();
  expect(next.messages).toMatchObject([{ action: "subscribe", presence: true }]);
  next.subscribed();
  await settle();
  const { id } = next.messages.at(-1) ?? {};
  const members = [ALICE, { connectionId: "c=", user: "carol" }].map(member);
  next.frame({ relay: "members", channel: "lobby", members, id });
  await fake.clock.advance(10_000);
  expect(fake.changes).toEqual(["alice joined", "bob joined", "carol joined", "bob left"]);
});

test("a rotation into a channel with as many watchers as it may have opens all the same, and asks again", async () => {
  const { client, clock, socket, nextSocket, answer, all } = await watch();
  await answer([ALICE]);
  for (let minute = 0; minute < 110; minute++) {
    await clock.advance(60_000);
    socket.register("Nq3xYd7RiYcCG4A=", 7000, ["lobby"]);
  }
  const next = await nextSocket();
  expect(next).not.toBe(socket);
  expect(next.channels).toEqual(["lobby"]);
  next.welcome("Nq3xYd7RiYcCG4B=");
  await settle();
  next.reject("LIMIT_EXCEEDED");
  await settle();
  await clock.advance(0);
  expect([client.state, all("open").length]).toEqual(["open", 2]);
  await clock.advance(30_000);
  expect(next.messages.at(-1)).toMatchObject({ action: "subscribe", presence: true });
});

test("a first subscription that the relay does not let watch closes the channel, with the error", async () => {
  const { client, socket } = await openClient();
  const channel = client.subscribe("lobby", { presence: true });
  const closed = new Promise((resolve) => channel.on("closed", resolve));
  await settle();
  socket.reject("LIMIT_EXCEEDED");
  expect(await closed).toMatchObject({ cause: { code: "LIMIT_EXCEEDED" } });
});

test("nothing is told and no timer is left after the channel is left, or the client is closed", async () => {
  for (const end of ["unsubscribe", "close"] as const) {
    const { client, channel, clock, changes, answer, notify, socket } = await watch();
    await answer([ALICE, BOB]);
    notify("left", BOB);
    if (end === "close") {
      client.close();
      expect(clock.timers).toBe(0);
    } else {
      channel.unsubscribe();
      await settle();
      socket.frame({ relay: "unsubscribed", channel: "lobby", id: socket.messages.at(-1)?.id });
    }
    await settle();
    notify("joined", { connectionId: "c=", user: "carol" });
    await clock.advance(60_000);
    expect(changes).toEqual(["alice joined", "bob joined"]);
  }
});

test("a listener that leaves the channel receives no other user, and leaves no timer", async () => {
  const { client, channel, clock, changes, answer } = await watch();
  channel.on("presence", ({ user }) => user === "alice" && channel.unsubscribe());
  channel.on("closed", () => changes.push("closed"));
  await answer([BOB]);
  await clock.advance(300_000);
  await answer([ALICE, { connectionId: "c=", user: "carol" }]);
  client.close();
  expect([changes, clock.timers]).toEqual([["bob joined", "alice joined", "closed"], 0]);
});
