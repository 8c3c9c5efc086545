import { RelayClient, RelayError } from "../../client/index.ts";
import {
  describeChannelClosed,
  describeClosed,
  isPresenceRejection,
  toProblem,
} from "../../demo/problem.ts";

test.each([
  [{ user: "a b" }, "user", /^Your name must be 1 to 64 letters/],
  [{ user: "alice", channel: "#lobby" }, "channel", /^The channel must be 1 to 64 letters/],
  [{ user: "alice", token: "Bearer a.b.c" }, "token", /^The token is not a JWT\.$/],
])("of %j the %s is at fault, and is called by its label", (options, field, text) => {
  expect(problemOf("ws://127.0.0.1/dev", options)).toEqual({
    field,
    text: expect.stringMatching(text),
  });
});

test("an address that is not a WebSocket URL is at fault itself", () => {
  expect(problemOf("http://127.0.0.1/dev", { user: "alice" })).toEqual({
    field: "url",
    text: "The address must begin with wss:// or ws:// and have no fragment.",
  });
});

test("any other error is shown as it is", () => {
  expect(problemOf("ws://127.0.0.1/dev", { sendTimeout: -1 })).toEqual({
    text: "sendTimeout must be a number from 0 to 2147483647.",
  });
  expect(toProblem(new TypeError("The user is away."))).toEqual({ text: "The user is away." });
});

function problemOf(url: string, options: object): unknown {
  try {
    new RelayClient(url, options).close();
    return undefined;
  } catch (error) {
    return toProblem(error);
  }
}

const URL = "wss://relay.example/dev";

test("a rejection names the address, the attempts, and what may be the cause", () => {
  const change = { state: "closed", reason: "It could not be opened." } as const;
  expect(describeClosed(URL, 5, change)).toBe(
    "Gave up on wss://relay.example/dev after 5 attempts. Perhaps the address or its stage is wrong, the relay is not running, it demands a token, or it does not allow this page's origin.",
  );
});

test("a reason that is known takes the place of guesses", () => {
  const reason = "Gave up after attempt 5: The token function failed.";
  const change = { state: "closed", reason, cause: new Error("Away.") } as const;
  expect(describeClosed(URL, 5, change)).toBe(reason);
});

test("a client that is closed without having failed was closed by an operator, with a reason", () => {
  const change = { state: "closed", reason: "We are moving." } as const;
  expect(describeClosed(URL, 0, change)).toBe(
    "An operator has closed your connection: We are moving.",
  );
});

test("an operator ends a subscription without an error, and the relay's error is in the sentence", () => {
  const reason = "The relay has ended the subscription.";
  expect(describeChannelClosed({ reason })).toBe("An operator has taken you out of this channel.");
  const cause = new RelayError("FORBIDDEN", "The token does not open the channel.");
  expect(describeChannelClosed({ reason, cause })).toBe(
    "You are not in this channel: The token does not open the channel. (FORBIDDEN)",
  );
});

test.each([
  ["INVALID_MESSAGE", true],
  ["LIMIT_EXCEEDED", true],
  ["FORBIDDEN", false],
] as const)("whether %s may come of asking for presence: %s", (code, isRejection) => {
  const cause = new RelayError(code, "One sentence.");
  expect(isPresenceRejection({ reason: cause.message, cause })).toBe(isRejection);
});
