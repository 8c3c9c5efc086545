import type { RelayClientOptions } from "../../client/index.ts";
import { NAME_RULE } from "../../protocol/name.ts";
import { fakeClient } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";

/** The URL that a client connects to. */
async function connectUrl(url: string | URL, options: RelayClientOptions): Promise<string> {
  const { client, socket } = fakeClient(options, url);
  const connected = (await socket()).url;
  client.close();
  return connected;
}

test("the names become the query, encoded, next to what the URL has already", async () => {
  expect(await connectUrl("wss://x.example/dev?v=2", { user: "a+b@c.d", channel: "Käse|5" })).toBe(
    "wss://x.example/dev?v=2&user=a%2Bb%40c.d&channel=K%C3%A4se%7C5",
  );
});

test("absent names leave no trace", async () => {
  expect(await connectUrl("ws://127.0.0.1:3300/dev", { user: undefined })).toBe(
    "ws://127.0.0.1:3300/dev",
  );
});

test.each(["", "a b", "a/b", "x".repeat(65), "😀", null, 7])(
  "the user and the channel %j are rejected, with the rule",
  (name) => {
    for (const option of ["user", "channel"]) {
      expect(() => fakeClient({ [option]: name })).toThrow(
        expect.objectContaining({
          code: "INVALID_OPTION",
          option,
          message: `${option} must be ${NAME_RULE}.`,
        }),
      );
    }
  },
);

test("a name may have 64 letters in normal form C, however they are spelt", async () => {
  expect(await connectUrl("wss://x.example/", { user: "e\u0301".repeat(64) })).toContain("user=");
});

test.each([
  "https://x.example",
  "wss://x.example/dev#lobby",
  "wss://x.example/dev#",
  "nowhere",
  "wss://[x]/dev",
])("the URL %s is rejected", (url) => {
  expect(() => fakeClient({}, url)).toThrow(
    expect.objectContaining({
      code: "INVALID_OPTION",
      option: "url",
      message: "url must be valid, begin with wss:// or ws:// and have no fragment.",
    }),
  );
});

test("a name takes the place of the URL's own, and everything else of the query stays as it is", async () => {
  const url = "wss://x.example/dev?user=bob&v=a?b%20c&users=2";
  expect(await connectUrl(url, { user: "alice", channel: undefined })).toBe(
    "wss://x.example/dev?v=a?b%20c&users=2&user=alice",
  );
});

test("a URL object and a URL with spaces around it are accepted as well", async () => {
  expect(await connectUrl(new URL("wss://x.example/dev"), { user: "alice" })).toBe(
    "wss://x.example/dev?user=alice",
  );
  expect(await connectUrl(" ws://x.example/dev\n", {})).toBe("ws://x.example/dev");
});

test("the client stays in the channels of the URL when it joins others", async () => {
  const { client, clock, delay, socket } = fakeClient(
    {},
    "wss://x.example/dev?channel=K%C3%A4se&v=a?channel=b&channel=lobby",
  );
  const first = await socket();
  expect(first.url).toBe("wss://x.example/dev?v=a?channel=b&channel=K%C3%A4se&channel=lobby");
  first.welcome("Nq3xYd7RiYcCG4A=");
  client.subscribe("news");
  await settle();
  first.subscribed();
  client.subscribe("lobby").unsubscribe();
  // Long enough to count as a connection that lasted.
  await clock.advance(31_000);
  first.drop();
  await delay();
  expect((await socket()).url).toBe(
    "wss://x.example/dev?v=a?channel=b&channel=K%C3%A4se&channel=news",
  );
});

test.each([{ channel: "lobby" }, { channels: ["lobby"] }])(
  "%j takes the place of all channels of the URL",
  async (options) => {
    expect(await connectUrl("wss://x.example/dev?channel=a&channel=b", options)).toBe(
      "wss://x.example/dev?channel=lobby",
    );
  },
);

test.each([
  ["%", "url"],
  ["a%20b", "channel"],
  ["", "channel"],
])("the channel %j in the URL is rejected, and leaves no listener behind", (name, option) => {
  let listeners = 0;
  const reconnectTriggers = () => {
    listeners++;
    return () => {
      listeners--;
    };
  };
  const url = `wss://x.example/dev?channel=${name}`;
  expect(() => fakeClient({ reconnectTriggers }, url)).toThrow(
    expect.objectContaining({ code: "INVALID_OPTION", option }),
  );
  expect(listeners).toBe(0);
});
