import fc from "fast-check";
import { matchesPattern } from "../../../../local-gateway/wildcards.ts";

/** The definition, word by word: slow, and plainly right. */
function matches(pattern: string, text: string): boolean {
  if (pattern === "") {
    return text === "";
  }
  const rest = pattern.slice(1);
  if (pattern.startsWith("*")) {
    return matches(rest, text) || (text !== "" && matches(pattern, text.slice(1)));
  }
  const first = pattern.startsWith("?") || pattern[0] === text[0];
  return text !== "" && first && matches(rest, text.slice(1));
}

describe("matchesPattern", () => {
  test("matches what the definition matches", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (anyPattern, anyText) => {
        expect(matchesPattern(anyPattern, anyText)).toBe(matches(anyPattern, anyText));
      }),
      { numRuns: 5_000 },
    );
  });

  test("takes every character but the two wildcards for itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
        fc.pre(!/[*?]/.test(one));
        expect(matchesPattern(one, one)).toBe(true);
        expect(matchesPattern(one, other)).toBe(one === other);
      }),
    );
  });

  test("answers a pattern that is made to take for ever", () => {
    expect(matchesPattern(`${"a*".repeat(1_000)}b`, "a".repeat(5_000))).toBe(false);
  });
});
