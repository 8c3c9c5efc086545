import { parseName } from "../../protocol/name.ts";

describe("parseName accepts", () => {
  test.each([
    "alice",
    "A",
    "42",
    "alice@example.com",
    "auth0|5f7c8ec7c33c6c004bbafe82",
    "eu-west-1:room_7.a+b",
    "Ελένη",
    "田中",
    "محمد",
    "नमस्ते",
    "٣",
    "x".repeat(64),
    "𝒜".repeat(64),
  ])("%j", (name) => {
    expect(parseName(name)).toBe(name);
  });

  test("two spellings of one name as that name", () => {
    expect(parseName("Zoe\u0308")).toBe("Zo\u00eb");
    expect(parseName("\u1112\u1161\u11ab".repeat(64))).toBe("\ud55c".repeat(64));
  });

  test("letters of other scripts that look the same as other names", () => {
    expect(parseName("\u0430lice")).not.toBe(parseName("alice"));
  });
});

describe("parseName rejects", () => {
  test.each<[string, unknown]>([
    ["an empty text", ""],
    ["a space", "a b"],
    ["a line break at the end", "alice\n"],
    ["a slash", "a/b"],
    ["a null character", "a\u0000"],
    ["half a surrogate pair", "a\ud800"],
    ["an emoji", "😀"],
    ["a zero-width joiner", "a\u200db"],
    ["a change of direction", "a\u202eb"],
    ["a superscript digit", "x\u00b2"],
    ["65 letters", "x".repeat(65)],
    ["65 letters that NFC does not make fewer", "e\u0308".repeat(65)],
    ["a megabyte", "e\u0308".repeat(500_000)],
    ["a number", 5],
    ["null", null],
    ["nothing", undefined],
    ["a list", ["alice"]],
  ])("%s", (_, value) => {
    expect(parseName(value)).toBeUndefined();
  });
});
