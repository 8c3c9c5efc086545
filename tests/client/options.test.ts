import { RelayClient, type RelayClientOptions } from "../../client/index.ts";
import { readSettings } from "../../client/options.ts";
import { FakeWebSocket } from "./support/fake-web-socket.ts";

const create = (options: RelayClientOptions) =>
  new RelayClient("wss://x.example/dev", { WebSocket: FakeWebSocket, ...options });

test.each([
  ["sendTimeout", -1, 0],
  ["heartbeatAfter", Number.NaN, 100],
  ["rotateAfter", Number.POSITIVE_INFINITY, 100],
  ["outboxSize", "9" as unknown as number, 0],
  // Each of these would be a storm, and 0 looks as if it turned something off.
  ["heartbeatAfter", 99, 100],
  ["heartbeatTimeout", 0, 100],
  ["rotateAfter", 0, 100],
  ["baseDelay", 9, 10],
  ["maxDelay", 0, 10],
  ["maxAttempts", 0, 1],
])("%s does not take %s", (name, value, least) => {
  expect(() => create({ [name]: value })).toThrow(
    new RangeError(`${name} takes a number from ${least} to 2147483647.`),
  );
});

test("an option called url changes nothing", () => {
  const options = { url: "ws://elsewhere.example", user: "alice", WebSocket: FakeWebSocket };
  const settings = readSettings("wss://x.example/dev", options);
  expect(settings.url).toBe("wss://x.example/dev?user=alice");
});

test("a message may not be allowed more than API Gateway's 128 KB", () => {
  create({ maxMessageBytes: 131_072 }).close();
  expect(() => create({ maxMessageBytes: 131_073 })).toThrow(
    new RangeError("maxMessageBytes takes a number from 0 to 131072."),
  );
});

test("names that the relay would reject are rejected at once", () => {
  expect(() => create({ user: "not a name" })).toThrow(RangeError);
  expect(() => create({ channel: "" })).toThrow(RangeError);
});

test.each(["secret, relay.v2", "", 7])("the token %j is rejected at once", (token) => {
  expect(() => create({ token: token as string })).toThrow(
    new TypeError("The token is not a JWT."),
  );
});

test("without a WebSocket there is no client", () => {
  expect(() => create({ WebSocket: false as never })).toThrow(
    new TypeError("There is no WebSocket here: give one as the option WebSocket."),
  );
});
