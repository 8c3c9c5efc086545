import { connectUrl } from "../../client/address.ts";

test("the names become the query, encoded, beside what the URL has already", () => {
  expect(connectUrl("wss://x.example/dev?v=2", { user: "a+b@c.d", channel: "Käse|5" })).toBe(
    "wss://x.example/dev?v=2&user=a%2Bb%40c.d&channel=K%C3%A4se%7C5",
  );
});

test("absent names leave no trace", () => {
  expect(connectUrl("ws://127.0.0.1:3300/dev", { user: undefined })).toBe(
    "ws://127.0.0.1:3300/dev",
  );
});

test.each(["", "a b", "a/b", "x".repeat(65), "😀"])("the name %j is rejected", (user) => {
  expect(() => connectUrl("wss://x.example/dev", { user })).toThrow(RangeError);
});

test("a name may have 64 letters in normal form C, however they are spelt", () => {
  expect(connectUrl("wss://x.example/", { user: "e\u0301".repeat(64) })).toContain("user=");
});

test.each(["https://x.example", "wss://x.example/dev#lobby", "wss://x.example/dev#"])(
  "the URL %s is rejected",
  (url) => {
    expect(() => connectUrl(url, {})).toThrow(
      new TypeError("The URL must begin with wss:// or ws:// and have no fragment."),
    );
  },
);

test("what is no URL is rejected", () => {
  expect(() => connectUrl("nowhere", {})).toThrow("Invalid URL");
});

test("a name takes the place of the URL's own, and everything else of the query stays as it is", () => {
  const url = "wss://x.example/dev?user=bob&v=a?b%20c&users=2";
  expect(connectUrl(url, { user: "alice", channel: undefined })).toBe(
    "wss://x.example/dev?v=a?b%20c&users=2&user=alice",
  );
});

test("a URL object and a URL with spaces around it are taken as well", () => {
  expect(connectUrl(new URL("wss://x.example/dev"), { user: "alice" })).toBe(
    "wss://x.example/dev?user=alice",
  );
  expect(connectUrl(" ws://x.example/dev\n", {})).toBe("ws://x.example/dev");
});
