import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { createSigningKey } from "../support/create-signing-key.ts";
import { showToken } from "../support/show-token.ts";
import { startGuardedRelay } from "../support/start-guarded-relay.ts";

let relay: Awaited<ReturnType<typeof startGuardedRelay>>;
let alice: WsClient;

beforeAll(async () => {
  relay = await startGuardedRelay();
});

beforeEach(async () => {
  alice = await wsConnect(relay.url, showToken.inHeader(relay.issue({ channels: ["team-7:*"] })));
});

afterEach(async () => {
  alice.webSocket.close();
  await alice.closed;
});

afterAll(() => relay[Symbol.asyncDispose]());

/** Subscribes, and gives the answer. */
async function subscribe(channel: unknown, token?: string): Promise<unknown> {
  alice.send(JSON.stringify({ action: "subscribe", channel, token, id: "s1" }));
  return JSON.parse(await alice.messages.take());
}

const seconds = () => Math.floor(Date.now() / 1000);

test("A token of the same issuer, audience and user opens one channel more, up to its end", async () => {
  expect(await subscribe("vip")).toMatchObject({ code: "FORBIDDEN" });
  const more = relay.issue({ channels: "vip", exp: seconds() + 100 });
  const answer = await subscribe("vip", more);
  expect(answer).toMatchObject({ relay: "subscribed", channels: [{ channel: "vip" }] });
  const [{ expiresIn } = { expiresIn: 0 }] = (answer as { channels: { expiresIn: number }[] })
    .channels;
  expect(expiresIn).toBeLessThanOrEqual(100);
  expect(expiresIn).toBeGreaterThan(50);
  alice.send('{"action":"sendMessageRoute","forward":{"channel":"vip"},"data":1,"id":"m1"}');
  expect(JSON.parse(await alice.messages.take())).toMatchObject({ relay: "receipt" });
});

test("A wildcard at the end of the claim opens all names that begin so, and no others", async () => {
  expect(await subscribe(["team-7:general", "team-7:"])).toMatchObject({ relay: "subscribed" });
  for (const channel of ["team-7", "team-70:general", "Team-7:general"]) {
    expect(await subscribe(channel)).toMatchObject({ code: "FORBIDDEN" });
  }
});

test("Every other token is FORBIDDEN, and opens nothing", async () => {
  const claims = { email: "alice@example.com", channels: ["*"] };
  const tokens = [
    relay.issue({ ...claims, iss: "https://id.example" }),
    relay.issue({ ...claims, aud: "another" }),
    relay.issue({ ...claims, email: "bob@example.com" }),
    relay.issue({ ...claims, email: undefined }),
    relay.issue({ ...claims, exp: seconds() - 1 }),
    relay.issue({ ...claims, nbf: seconds() + 60 }),
    relay.issue({ ...claims, channels: ["library"] }),
    relay.issue({ ...claims, channels: ["v*p", "*ip"] }),
    relay.issue({ ...claims, channels: undefined }),
    relay.issuer.issue(claims, {}, createSigningKey("first").key),
    `${relay.issue(claims)}x`,
    "garbage",
    "",
  ];
  for (const token of tokens) {
    expect(await subscribe("vip", token)).toMatchObject({ relay: "error", code: "FORBIDDEN" });
  }
  alice.send('{"action":"sendMessageRoute","id":"q1"}');
  expect(JSON.parse(await alice.messages.take())).toMatchObject({ relay: "id", channels: [] });
});

test("Names that normalise to each other are one channel, in the token and in the message", async () => {
  const composed = relay.issue({ channels: ["caf\u00e9"] });
  expect(await subscribe("cafe\u0301", composed)).toMatchObject({
    channels: [{ channel: "caf\u00e9" }],
  });
  // An accent makes another letter: a beginning without it is not the beginning of this name.
  expect(await subscribe("e\u0301clair", relay.issue({ channels: ["e*"] }))).toMatchObject({
    code: "FORBIDDEN",
  });
});

test("Nothing of a token that subscribes is in the log", async () => {
  const token = relay.issue({ channels: ["library"] });
  await subscribe("vip", token);
  expect(relay.lines.join("\n")).toContain('"routeKey":"subscribe"');
  const [, payload = "", signature = ""] = token.split(".");
  for (const part of [payload, signature]) {
    expect(relay.lines.join("\n")).not.toContain(part);
  }
});
