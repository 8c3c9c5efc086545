import { messageText } from "../../demo/message-text.ts";

test.each([
  ["hello", "hello"],
  [{ text: "hello", more: 1 }, "hello"],
  [{ text: 1 }, '{\n  "text": 1\n}'],
  [{ temperature: 21 }, '{\n  "temperature": 21\n}'],
  [null, "null"],
  [["a"], '[\n  "a"\n]'],
])("%j reads %j", (data, text) => {
  expect(messageText(data)).toBe(text);
});

test("a long text is cut off, and how much is missing is said", () => {
  expect(messageText({ text: "a".repeat(30_000) })).toBe(
    `${"a".repeat(4_000)}… (26000 more characters)`,
  );
});

test("no character is cut in two", () => {
  expect(messageText(`${"a".repeat(3_999)}😀`)).toBe(`${"a".repeat(3_999)}… (2 more characters)`);
});

test.each([
  ["long", Array.from({ length: 500 }, () => "a"), '["a","a",'],
  ["deep", nested(200), "[[[["],
  ["long and deep", Array.from({ length: 30 }, () => nested(500)), "[[[["],
])("JSON that is %s is not laid out in lines", (_, data, beginning) => {
  const text = messageText(data);
  expect(text.startsWith(beginning)).toBe(true);
  expect(text).not.toContain("\n");
  expect(text.length).toBeLessThan(4_100);
});

test("what is nested too deeply for JSON.stringify has a sentence", () => {
  expect(messageText(nested(60_000))).toBe("This message is nested too deeply to be shown.");
});

/** Arrays in arrays, as a message of 128 KB may hold them. */
function nested(depth: number): unknown {
  return JSON.parse("[".repeat(depth) + "]".repeat(depth));
}
