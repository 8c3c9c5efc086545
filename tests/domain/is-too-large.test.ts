import { isTooLarge } from "../../src/domain/delivery.ts";

/** What a message may have, in bytes of UTF-8: 128 KB. */
const LIMIT = 131_072;

/** A text of one character again and again, filled up with letters of one byte. */
function textOf(bytes: number, character: string): string {
  const size = Buffer.byteLength(character);
  return character.repeat(Math.floor(bytes / size)) + "a".repeat(bytes % size);
}

test.each([
  ["one byte", "a"],
  ["two bytes", "é"],
  ["three bytes", "€"],
  ["four bytes", "😀"],
])(
  "a text of characters with %s may be as long as API Gateway takes it, and no byte longer",
  (_, character) => {
    const sizes = [LIMIT - 1, LIMIT, LIMIT + 1, 2 * LIMIT];
    expect(sizes.map((size) => isTooLarge(textOf(size, character)))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  },
);
