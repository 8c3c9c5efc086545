import { assembleDomain } from "./assemble-domain.ts";

/** What a message may have, in bytes of UTF-8: 128 KB. */
const LIMIT = 131_072;

/** Publishes an envelope of so many bytes, full of one character, and returns what became of it. */
async function publish(bytes: number, character: string): Promise<unknown> {
  const { connect, publish, sender } = assembleDomain();
  connect("bob=");
  const to = { connection: "bob=" };
  await publish({ to, data: "" });
  const left = bytes - Buffer.byteLength(sender.inbox("bob=")[0] ?? "");
  const size = Buffer.byteLength(character);
  const data = character.repeat(Math.floor(left / size)) + "a".repeat(left % size);
  const { answer } = await publish({ to, data });
  const [, received] = sender.inbox("bob=");
  return received === undefined ? answer : Buffer.byteLength(received);
}

test.each([
  ["one byte", "a"],
  ["two bytes", "é"],
  ["three bytes", "€"],
  ["four bytes", "😀"],
])(
  "an envelope of characters with %s may be as long as API Gateway takes it, and no byte longer",
  async (_, character) => {
    expect(await publish(LIMIT - 1, character)).toBe(LIMIT - 1);
    expect(await publish(LIMIT, character)).toBe(LIMIT);
    for (const bytes of [LIMIT + 1, 2 * LIMIT]) {
      expect(await publish(bytes, character)).toMatchObject({ code: "TOO_LARGE" });
    }
  },
);
