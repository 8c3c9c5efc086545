import { parseRelayMessage } from "../../src/domain/messages.ts";

const NESTED = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;

describe("parseRelayMessage rejects", () => {
  test.each<[string, unknown, RegExp]>([
    ["a list", [], /JSON object/],
    ["a string", "hi", /JSON object/],
    ["a number", 5, /JSON object/],
    ["null", null, /JSON object/],
    ["nothing", undefined, /JSON object/],
    ["an empty id", { id: "" }, /"id" must be a string of 1 to 128 characters/],
    ["a number as id", { id: 1 }, /"id" must be/],
    ["null as id", { id: null }, /"id" must be/],
    ["an id of 129 characters", { id: "x".repeat(129) }, /"id" must be/],
    ["an id of 129 surrogate pairs", { id: "😀".repeat(129) }, /"id" must be/],
    ["an empty forward", { data: 1, forward: "" }, /"forward" must be/],
    ["a path as forward", { data: 1, forward: ".." }, /"forward" must be/],
    ["a slash in forward", { data: 1, forward: "a/b" }, /"forward" must be/],
    ["a lone surrogate in forward", { data: 1, forward: "a\ud800=" }, /"forward" must be/],
    ["a forward of 129 characters", { data: 1, forward: "a".repeat(129) }, /"forward" must be/],
    ["a line break after forward", { data: 1, forward: "abc=\n" }, /"forward" must be/],
    ["a number as forward", { data: 1, forward: 5 }, /"forward" must be/],
    ["a list as forward", { data: 1, forward: ["a="] }, /"forward" must be/],
    ["true as forward", { data: 1, forward: true }, /"forward" must be/],
    ["an empty target", envelope({}), /"forward" must have exactly one member/],
    ["two targets", envelope({ user: "a", channel: "b" }), /"forward" must have exactly one/],
    ["a target and more", envelope({ user: "a", more: 1 }), /"forward" must have exactly one/],
    ["an unknown target", envelope({ everybody: "a" }), /"forward" must have one of/],
    [
      "a hidden target",
      envelope(JSON.parse('{"__proto__":{"user":"a"}}')),
      /"forward" must have one of/,
    ],
    ["an empty user", envelope({ user: "" }), /"forward" has a "user" that is not a valid name/],
    ["a user with a space", envelope({ user: "a b" }), /"forward" has a "user"/],
    ["a number as channel", envelope({ channel: 5 }), /"forward" has a "channel"/],
    ["null as channel", envelope({ channel: null }), /"forward" has a "channel"/],
    ["a path as connection", envelope({ connection: ".." }), /"forward" has a "connection"/],
    ["a text as keep", { ...envelope({ channel: "a" }), keep: "no" }, /"keep" must be/],
    ["null as keep", { ...envelope({ channel: "a" }), keep: null }, /"keep" must be/],
    ["a target without data", { forward: { user: "a" } }, /"data" is missing/],
    ["a forward without data", { forward: "bob=" }, /"data" is missing/],
    ["an object that looks like a frame", frame({ relay: "id" }), /member "relay"/],
    ["an object with any member relay", frame({ relay: null }), /member "relay"/],
    ["a text that looks like a frame", frame('{"relay":"id"}'), /member "relay"/],
    ["such a text in white space", frame(' \n{"relay":1}\t'), /member "relay"/],
    ["such a text behind byte order marks", frame('\ufeff\ufeff{"relay":1}'), /member "relay"/],
    ["such a text with escapes", frame('{"\\u0072elay":1}'), /member "relay"/],
    ["such a text with a second member", frame('{"a":1,"relay":1}'), /member "relay"/],
    ["data nested deeper than JSON can be written", frame(JSON.parse(NESTED)), /too deeply/],
  ])("%s", (_, message, reason) => {
    expect(parseRelayMessage(message)).toEqual({
      kind: "invalid",
      // Not one of them has a valid id, and an invalid one is not repeated to its sender.
      id: undefined,
      reason: expect.stringMatching(reason),
    });
  });
});

describe("parseRelayMessage accepts", () => {
  test.each<[string, unknown]>([
    ["128 characters", "x".repeat(128)],
    ["128 surrogate pairs", "😀".repeat(128)],
    ["a lone surrogate", "\ud800"],
  ])("an id of %s", (_, id) => {
    expect(parseRelayMessage({ id })).toEqual({ kind: "whoAmI", id, positions: false });
  });

  test("a forward of 128 characters", () => {
    const to = "aZ09_-==".repeat(16);
    expect(parseRelayMessage({ forward: to, data: "hi" })).toEqual({
      kind: "forward",
      id: undefined,
      to,
      text: "hi",
    });
  });

  test.each<[string, unknown, string]>([
    ["a text that is deeply nested JSON", NESTED, NESTED],
    ["a frame within a text within JSON", '"{\\"relay\\":1}"', '"{\\"relay\\":1}"'],
    ["a member relay further in", { a: { relay: 1 } }, '{"a":{"relay":1}}'],
    ["a member __proto__", JSON.parse('{"__proto__":{"relay":1}}'), '{"__proto__":{"relay":1}}'],
    ["a member toJSON", { toJSON: 1 }, '{"toJSON":1}'],
  ])("%s as data", (_, data, text) => {
    expect(parseRelayMessage(frame(data))).toMatchObject({ kind: "forward", text });
  });
});

test("parseRelayMessage keeps a valid id when something else is wrong", () => {
  expect(parseRelayMessage({ id: "m1", forward: 5 })).toMatchObject({ kind: "invalid", id: "m1" });
});

test("parseRelayMessage reads whether a message is to be kept, and whether positions are asked for", () => {
  const forward = { channel: "lobby" };
  expect(parseRelayMessage({ forward, data: 1, keep: false })).toMatchObject({ keep: false });
  expect(parseRelayMessage({ forward, data: 1, keep: true })).toMatchObject({ keep: true });
  expect(parseRelayMessage({ positions: true })).toMatchObject({ positions: true });
  expect(parseRelayMessage({ positions: "true" })).toMatchObject({ positions: false });
});

test("parseRelayMessage accepts each kind of target, with any data", () => {
  for (const target of [{ connection: "bob=" }, { user: "bob" }, { channel: "lobby" }]) {
    for (const data of [null, "", { relay: "message" }, '{"relay":1}']) {
      expect(parseRelayMessage({ id: "m1", forward: target, data })).toEqual({
        kind: "envelope",
        id: "m1",
        to: target,
        data,
        keep: true,
      });
    }
  }
});

function envelope(forward: unknown) {
  return { forward, data: 1 };
}

function frame(data: unknown) {
  return { forward: "bob=", data };
}
