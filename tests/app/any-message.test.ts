import fc from "fast-check";
import { parseName } from "../../protocol/name.ts";
import { parseRelayMessage } from "../../src/domain/messages.ts";
import { assembleInMemory } from "../support/assemble-in-memory.ts";
import { readEvent } from "../support/read-event.ts";

const SENDER = "C51DherHNjMCI3Q=";
const TARGET = "C50a8cvrtjMCI7w=";
const RUNS = { numRuns: 500 };

/** A member of a message: the JSON text of its value, absent when undefined, and whether the protocol allows it. */
interface Member {
  readonly json: string | undefined;
  readonly valid: boolean;
}

const absent = fc.constant<Member>({ json: undefined, valid: true });
const valid = (value: fc.Arbitrary<unknown>) => member(value, true);
const invalid = (value: fc.Arbitrary<unknown>) => member(value, false);
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
const notText = fc.jsonValue().filter((value) => typeof value !== "string" && value !== null);

const id = fc.oneof(
  absent,
  valid(fc.string({ unit: "binary", minLength: 1, maxLength: 128 })),
  invalid(fc.constantFrom("", null, "x".repeat(129), "é".repeat(100_000))),
  invalid(notText),
);

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 64 });
const target = fc.oneof(
  fc.record({ user: name.filter((text) => parseName(text) !== undefined) }),
  fc.record({ channel: name.filter((text) => parseName(text) !== undefined) }),
  fc.constant({ connection: TARGET }),
);
const isTarget = (forward: unknown) =>
  Object(parseRelayMessage({ forward, data: 1 }).request).kind === "envelope";
const noTarget = fc
  .oneof(
    fc.record({ user: fc.jsonValue() }),
    fc.record({ channel: fc.jsonValue(), user: fc.jsonValue() }),
    fc.record({ connection: fc.jsonValue() }),
    fc.dictionary(fc.string(), fc.jsonValue()),
  )
  .filter((value) => !isTarget(value));

const forwardToNobody = fc.oneof(
  invalid(noTarget),
  invalid(fc.constantFrom("", "..", ".", "/", "a/b", "a\ud800", "a b", "é", "a".repeat(129))),
  invalid(notText.filter((value) => !isTarget(value))),
);

const relayFrame = fc.record({ relay: fc.jsonValue() }, { noNullPrototype: true });
const nested = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
const data = fc.oneof(
  valid(fc.jsonValue().filter((value) => !JSON.stringify(value).includes("relay"))),
  valid(anyText.filter((text) => !text.includes("relay"))),
  valid(fc.integer({ min: 1, max: 120_000 }).map((length) => "x".repeat(length))),
  valid(fc.constant(nested)),
  invalid(relayFrame),
  invalid(relayFrame.map((frame) => JSON.stringify(frame))),
  fc.constant<Member>({ json: nested, valid: false }),
  fc.constant<Member>({ json: undefined, valid: false }),
);

/** Members that mean nothing to the relay, and must not come to mean something. */
const others = fc.constantFrom(
  "",
  '"__proto__":{"id":5,"forward":5},',
  '"constructor":{"prototype":{"id":5}},',
  '"toString":null,"toJSON":null,',
);

function member(value: fc.Arbitrary<unknown>, isValid: boolean): fc.Arbitrary<Member> {
  return value.map((it) => ({ json: JSON.stringify(it), valid: isValid }));
}

function body(members: Record<string, Member>, other: string): string {
  const written = Object.entries(members)
    .filter(([, { json }]) => json !== undefined)
    .map(([name, { json }]) => `,"${name}":${json}`);
  return `{${other}"action":"sendMessageRoute"${written.join("")}}`;
}

/**
 * Sends `text` as the sender's message, and returns what the sender and the target have received of it. Both are
 * registered, the sender under these names, if there are any.
 */
async function send(text: string, names?: { readonly user: string; readonly channel: string }) {
  const { sender, store, logged, invoke } = assembleInMemory();
  if (names !== undefined) {
    const expiresAt = Date.now() + 60_000;
    const { user, channel } = names;
    await store.add({ connectionId: SENDER, registeredAt: 0, expiresAt, user });
    const membership = { connectionId: SENDER, channel, user, since: 0, expiresAt };
    store.putMembership({ ...membership, presence: false });
    await store.add({ connectionId: TARGET, registeredAt: 0, expiresAt });
  }
  sender.connect(SENDER);
  sender.connect(TARGET);
  const result = await invoke({ ...readEvent("who-am-i"), body: text });
  expect(result).toEqual({ statusCode: 200, body: "Send data!" });
  expect(logged.filter(({ event }) => event === "failed")).toEqual([]);
  return { toSender: sender.inbox(SENDER), toTarget: sender.inbox(TARGET), logged };
}

function errorWith(code: string) {
  return [expect.stringContaining(`{"relay":"error","code":"${code}","message":"`)];
}

describe("Whatever a client sends, the function answers 200", () => {
  test("and an invalid id, forward or data brings its sender INVALID_MESSAGE and nobody else anything", async () => {
    const forwards = fc.oneof(forwardToNobody, valid(fc.constantFrom(TARGET, "gone=")));
    await fc.assert(
      fc.asyncProperty(id, forwards, data, others, async (anId, forward, someData, other) => {
        fc.pre(!(anId.valid && forward.valid && someData.valid));
        const received = await send(body({ id: anId, forward, data: someData }, other));
        expect(received.toSender).toEqual(errorWith("INVALID_MESSAGE"));
        expect(received.toTarget).toEqual([]);
      }),
      RUNS,
    );
  });

  test("and a valid forward reaches its target once, with a receipt if it had an id", async () => {
    await fc.assert(
      fc.asyncProperty(id, data, others, async (anId, someData, other) => {
        fc.pre(anId.valid && someData.valid);
        const forward = { json: JSON.stringify(TARGET), valid: true };
        const received = await send(body({ id: anId, forward, data: someData }, other));
        const value = JSON.parse(someData.json ?? "") as unknown;
        expect(received.toTarget).toEqual([
          typeof value === "string" ? value : JSON.stringify(value),
        ]);
        expect(received.toSender).toHaveLength(anId.json === undefined ? 0 : 1);
      }),
      RUNS,
    );
  });

  test("and a forward to a connection that is gone brings TARGET_GONE", async () => {
    await fc.assert(
      fc.asyncProperty(id, data, others, async (anId, someData, other) => {
        fc.pre(anId.valid && someData.valid);
        const forward = { json: '"gone="', valid: true };
        const received = await send(body({ id: anId, forward, data: someData }, other));
        expect(received.toSender).toEqual(errorWith("TARGET_GONE"));
        expect(received.toTarget).toEqual([]);
      }),
      RUNS,
    );
  });

  test("and an envelope reaches its target once, with whatever data, or else brings one error", async () => {
    const anything = fc.oneof(valid(fc.jsonValue()), valid(anyText), valid(relayFrame));
    await fc.assert(
      fc.asyncProperty(target, anything, others, async (to, someData, other) => {
        const forward = { json: JSON.stringify(to), valid: true };
        const received = await send(body({ forward, data: someData }, other), {
          user: "someone",
          channel: "lobby",
        });
        if ("connection" in to) {
          expect(received.toSender).toEqual([]);
          expect(received.toTarget.map((text) => JSON.parse(text))).toMatchObject([
            { relay: "message", from: { connectionId: SENDER, user: "someone" } },
          ]);
        } else {
          expect(received.toSender.length).toBeLessThanOrEqual(1);
          expect(received.toTarget).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  test("and any text at all brings one frame to its sender and nothing to anybody else", async () => {
    const json = fc.jsonValue().map((value) => JSON.stringify(value));
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText, json, fc.constant(nested)), async (text) => {
        const received = await send(text);
        expect(received.toSender).toHaveLength(1);
        expect(received.toTarget).toEqual([]);
      }),
      RUNS,
    );
  });

  test("and nothing of the message is in the log", async () => {
    const secret = "a-word-that-nobody-else-would-say";
    for (const text of [
      secret,
      `{"data":"${secret}","forward":"${secret}","id":"${secret}"}`,
      `{"data":"${secret}","forward":5,"id":"${secret}"}`,
      `{"data":{"relay":"${secret}"},"forward":"${TARGET}"}`,
      `{"data":"${secret}","forward":{"user":"${secret}"},"id":"${secret}"}`,
      `{"data":"${secret}","forward":{"${secret}":"${secret}"}}`,
    ]) {
      const { logged } = await send(text);
      expect(logged).not.toEqual([]);
      expect(JSON.stringify(logged)).not.toContain(secret);
    }
  });
});
