import fc from "fast-check";
import { RelayError } from "../../client/index.ts";
import { fakeClient } from "./support/fake-client.ts";
import type { FakeWebSocket } from "./support/fake-web-socket.ts";
import { startRelay } from "./support/relay-clients.ts";

/** Messages that are under way together. */
const GROUP = [...Array(6).keys()];
const CODES = ["TIMEOUT", "UNCONFIRMED", "OUTBOX_FULL", "CLOSED", "UNAVAILABLE"];

/** What may happen to a client; the number chooses a socket, a message or a time. */
const happening = fc.record({
  kind: fc.constantFrom(
    ...["send", "send", "send", "welcome", "welcome", "open", "drop", "closing", "answer"],
    ...["refuse", "message", "advance", "advance", "wake"],
  ),
  number: fc.nat(9),
});

test("whatever happens, every send settles, nothing is sent twice, and every message is received at most once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (happenings) => {
      const fake = fakeClient({
        sendTimeout: 60_000,
        rotateAfter: 100_000,
        heartbeatAfter: 40_000,
        outboxSize: 5,
      });
      const { client, clock, sockets, all } = fake;
      const outcomes: unknown[] = [];
      let sent = 0;
      for (const { kind, number } of happenings) {
        await clock.advance(0);
        const socket = sockets.at(-1 - (number % 3));
        if (kind === "send") {
          client.send({ channel: "lobby" }, sent++).then(
            () => outcomes.push("receipt"),
            (error) => outcomes.push(error instanceof RelayError ? error.code : error),
          );
        } else if (kind === "advance") {
          await clock.advance(number ** 5);
        } else if (kind === "wake") {
          await fake.wake();
        } else if (socket?.onclose) {
          happen(kind, number, socket, `id${sockets.indexOf(socket)}`);
        }
      }
      await clock.advance(60_000);
      expect(outcomes.length).toBe(sent);
      expect(
        outcomes.filter((code) => code !== "receipt" && !CODES.includes(String(code))),
      ).toEqual([]);
      const put = sockets.flatMap(({ messages }) => messages.map(({ data }) => data));
      expect(put.length).toBe(new Set(put).size);
      const received = all("message").map(({ messageId }) => messageId);
      expect(received.length).toBe(new Set(received).size);
      client.close();
      expect(clock.timers).toBe(0);
    }),
    { numRuns: 300 },
  );
}, 60_000);

function happen(kind: string, number: number, socket: FakeWebSocket, connectionId: string): void {
  const open = socket.readyState === 1;
  if (kind === "drop") {
    socket.drop();
  } else if (kind === "open" && socket.readyState === 0) {
    socket.open();
  } else if (kind === "welcome" && socket.readyState === 0) {
    socket.welcome(connectionId);
  } else if (kind === "closing" && open) {
    socket.readyState = 2;
  } else if (kind === "message" && open) {
    const from = { connectionId: "C50a8cvrtjMCI7w=" };
    socket.frame({ relay: "message", messageId: `m${number}`, from, to: { channel: "lobby" } });
  } else if (kind === "answer" && open) {
    socket.receipt(number);
  } else if (kind === "refuse" && open) {
    const id = socket.messages.at(number)?.id;
    socket.frame({ relay: "error", code: "UNAVAILABLE", message: "Sorry.", id });
  }
}

test("on a relay that has any bad days, every send settles and every message is received at most once", async () => {
  const share = fc.double({ min: 0, max: 0.2, noNaN: true });
  const faults = fc.record({
    dropDisconnect: share,
    duplicateEvent: share,
    postThrottled: share,
    postError: share,
    cutPost: share,
    databaseError: share,
    seed: fc.nat(),
  });
  const cutsAfterGroups = fc.array(fc.option(fc.nat(1), { nil: undefined }), {
    minLength: 3,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(faults, cutsAfterGroups, async (bad, cuts) => {
      await using relay = await startRelay({ faults: bad });
      const settings = { channel: "lobby", sendTimeout: 2000, maxAttempts: 100, rotateAfter: 400 };
      const alice = relay.connect({ user: "alice", ...settings });
      const bob = relay.connect({ user: "bob", ...settings });
      let count = 0;
      const ids: string[] = [];
      const data: unknown[] = [];
      bob.client.on("message", (message) => {
        ids.push(message.messageId);
        data.push(message.data);
      });
      for (const cut of cuts) {
        const sent = GROUP.map(() => alice.client.send({ user: "bob" }, count++));
        if (cut !== undefined) {
          [alice, bob][cut]?.cut();
        }
        for (const outcome of await Promise.allSettled(sent)) {
          const { reason } = outcome as Partial<PromiseRejectedResult>;
          expect([undefined, RelayError]).toContain(reason?.constructor);
        }
      }
      expect(ids.length).toBe(new Set(ids).size);
      expect(data.length).toBe(new Set(data).size);
    }),
    { numRuns: 4 },
  );
}, 120_000);
