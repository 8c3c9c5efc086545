import { RelayClient, type RelayClientOptions } from "../../client/index.ts";
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
    expect.objectContaining({
      code: "INVALID_OPTION",
      option: name,
      message: `${name} must be a number from ${least} to 2147483647.`,
    }),
  );
});

test.each(["url", "sendTimout", "toString", "__proto__x"])(
  "the option %s does not exist, and is rejected by its name",
  (option) => {
    expect(() => create({ [option]: 1 })).toThrow(
      expect.objectContaining({
        name: "RelayError",
        code: "INVALID_OPTION",
        option,
        message: `${option} is not an option.`,
      }),
    );
  },
);

test.each([
  ["random", 0.5, "a function"],
  ["reconnectTriggers", "online", "a function"],
  ["clock", null, "a Clock"],
  ["clock", {}, "a Clock"],
  ["token", {}, "a JWT"],
])("%s is rejected when it is %j", (option, value, rule) => {
  expect(() => create({ [option]: value })).toThrow(
    expect.objectContaining({
      code: "INVALID_OPTION",
      option,
      message: `${option} must be ${rule}.`,
    }),
  );
});

test("an option that is undefined has its default", () => {
  const options = ["user", "channel", "token", "sendTimeout", "clock", "random"];
  create(Object.fromEntries(options.map((option) => [option, undefined]))).close();
});

test("a message may not be allowed more than API Gateway's 128 KB", () => {
  create({ maxMessageBytes: 131_072 }).close();
  expect(() => create({ maxMessageBytes: 131_073 })).toThrow(
    new Error("maxMessageBytes must be a number from 0 to 131072."),
  );
});

test.each(["secret, relay.v2", "", 7])("the token %j is rejected at once", (token) => {
  expect(() => create({ token: token as string })).toThrow(new Error("token must be a JWT."));
});

test("without a WebSocket there is no client", () => {
  expect(() => create({ WebSocket: false as never })).toThrow(
    new Error("WebSocket must be a function."),
  );
});
