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
