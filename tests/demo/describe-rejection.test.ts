import { describeRejection } from "../../demo/describe-rejection.ts";

const URL = "wss://relay.example/dev";

test("a rejection names the address, the attempts, and what may be the cause", () => {
  const change = { state: "closed", reason: "It could not be opened." } as const;
  expect(describeRejection(URL, 5, change)).toBe(
    "Gave up on wss://relay.example/dev after 5 attempts. Perhaps the address or its stage is wrong, the relay is not running, it demands a token, or it does not allow this channel or this page's origin.",
  );
});

test("a reason that is known takes the place of guesses", () => {
  const reason = "Gave up after 5 attempts: The token function failed.";
  const change = { state: "closed", reason, cause: new Error("Away.") } as const;
  expect(describeRejection(URL, 5, change)).toBe(reason);
});
