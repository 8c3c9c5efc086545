import { URL as ADDRESS, fakeClient } from "./support/fake-client.ts";

/**
 * The URL of React Native before 0.80: it ends every URL with a slash, and its searchParams cannot set.
 *
 * @see https://github.com/react/react-native/issues/38656
 * @see https://github.com/react/react-native/issues/23922
 */
class ReactNativeUrl {
  readonly href: string;

  constructor(url: string) {
    this.href = url.endsWith("/") ? url : `${url}/`;
  }

  get searchParams() {
    return {
      set: () => {
        throw new Error("URLSearchParams.set is not implemented");
      },
    };
  }

  toString(): string {
    return this.href;
  }
}

const { URL, TextEncoder } = globalThis;

beforeEach(() => {
  Object.assign(globalThis, { URL: ReactNativeUrl, TextEncoder: undefined });
});

afterEach(() => {
  Object.assign(globalThis, { URL, TextEncoder });
});

test("a client connects to the right URL where searchParams cannot set", async () => {
  const { socket } = fakeClient({ user: "alice", channel: "lobby+1" });
  expect((await socket()).url).toBe(`${ADDRESS}?user=alice&channel=lobby%2B1`);
});

test("a client sends where there is no TextEncoder, and knows how long a message is", async () => {
  const { client, socket } = fakeClient({ maxMessageBytes: 100 });
  const first = await socket();
  first.welcome("Nq3xYd7RiYcCG4A=");
  void client.send({ user: "a" }, "é😀").catch(() => {});
  expect(first.messages.length).toBe(1);
  const data = "é%😀\ud83d".repeat(10);
  const frame = { action: "sendMessageRoute", forward: { user: "a" }, data, id: "2" };
  const bytes = Buffer.byteLength(JSON.stringify(frame));
  await expect(client.send({ user: "a" }, data)).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: `The message has ${bytes} bytes as JSON: 100 are allowed.`,
  });
});
