import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { type WsRefusal, wsRefusal } from "../local-gateway/support/ws-refusal.ts";
import { createSigningKey } from "../support/create-signing-key.ts";
import { showToken } from "../support/show-token.ts";
import { startGuardedRelay } from "../support/start-guarded-relay.ts";

const { inHeader, inSubprotocol } = showToken;
const ALICE = "alice@example.com";

/** A refusal without the ids of its request. */
function told({ status, headers, body }: WsRefusal) {
  const { message, ...ids } = JSON.parse(body);
  return { status, message, members: Object.keys(ids), headers: Object.keys(headers) };
}

test("A token in the header lets its user in, whatever user the URL names", async () => {
  await using relay = await startGuardedRelay();
  const url = `${relay.url}?user=mallory&channel=lobby`;
  const alice = await wsConnect(url, inHeader(relay.issue()));
  expect(alice.webSocket.protocol).toBe("");
  expect(await relay.registered()).toMatchObject([{ user: ALICE, channel: "lobby" }]);

  alice.send('{"action":"sendMessageRoute","data":"hi","forward":{"user":"alice@example.com"}}');
  const frame = JSON.parse(await alice.messages.take());
  expect(frame).toMatchObject({ relay: "message", from: { user: ALICE } });
});

test("A token in a subprotocol lets its user in from an allowed page, and relay.v1 is chosen", async () => {
  await using relay = await startGuardedRelay();
  const options = { ...inSubprotocol(relay.issue()), origin: "https://app.example" };
  const alice = await wsConnect(relay.url, options);
  expect(alice.webSocket.protocol).toBe("relay.v1");
  expect(await relay.registered()).toMatchObject([{ user: ALICE }]);
});

test("Whoever shows no valid token is refused with 401, and is not told why", async () => {
  await using relay = await startGuardedRelay();
  const { url, issuer, issue } = relay;
  const claims = { email: ALICE };
  const expired = { exp: Math.floor(Date.now() / 1000) - 3600 };
  const none = told(await wsRefusal(url));
  expect(none).toMatchObject({ status: 401, message: "Unauthorized" });
  expect(told(await wsRefusal(`${url}?user=alice&token=${issue()}`))).toEqual(none);
  for (const options of [
    inHeader("garbage"),
    inHeader(issue(expired)),
    inSubprotocol(issue(expired)),
    inHeader(issue({ aud: "another" })),
    inHeader(issue({ iss: "https://id.example" })),
    inHeader(issuer.issue(claims, {}, createSigningKey("first").key)),
    inHeader(issuer.issue(claims, { kid: "unknown" })),
    inHeader(issue({ email: undefined })),
    { ...inHeader(issue()), ...inSubprotocol(issue()) },
  ]) {
    expect(told(await wsRefusal(url, options))).toEqual(none);
  }
  expect(await relay.registered()).toEqual([]);
});

test("A channel that the token does not list is refused with 403, and one that it lists is open", async () => {
  await using relay = await startGuardedRelay();
  const token = inHeader(relay.issue());
  expect(await wsRefusal(`${relay.url}?channel=board`, token)).toMatchObject({ status: 403 });
  expect(await relay.registered()).toEqual([]);

  await wsConnect(`${relay.url}?channel=news`, token);
  expect(await relay.registered()).toMatchObject([{ channel: "news" }]);
});

test("A page of another origin is refused with 403, though its token is valid", async () => {
  await using relay = await startGuardedRelay();
  const options = { ...inSubprotocol(relay.issue()), origin: "https://evil.example" };
  expect(await wsRefusal(relay.url, options)).toMatchObject({ status: 403 });
  expect(await relay.registered()).toEqual([]);
});

test("While the issuer's keys cannot be had, a token is refused with 500, and accepted once they can", async () => {
  await using relay = await startGuardedRelay();
  const { issuer } = relay;
  const { answer } = issuer;
  issuer.answer = (request) => request.socket.destroy();
  const token = inHeader(relay.issue());
  const refusal = await wsRefusal(relay.url, token);
  expect(refusal.status).toBe(500);
  expect(refusal.body).not.toContain(issuer.url);
  expect(await relay.registered()).toEqual([]);

  issuer.answer = answer;
  await wsConnect(relay.url, token);
  expect(await relay.registered()).toMatchObject([{ user: ALICE }]);
});

test("An environment fetches the keys once for many connections, and not before the first token", async () => {
  await using relay = await startGuardedRelay({ maxEnvironments: 1 });
  for (let index = 0; index < 10; index += 1) {
    await wsRefusal(relay.url);
  }
  expect(relay.issuer.fetched).toEqual([]);

  for (let index = 0; index < 10; index += 1) {
    await wsConnect(relay.url, inHeader(relay.issue()));
  }
  expect(relay.issuer.fetched).toEqual(["/keys"]);
  expect(await relay.registered()).toHaveLength(10);
});
