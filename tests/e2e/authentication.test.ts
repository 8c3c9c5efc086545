import { startLocalGateway } from "../../local-gateway/index.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { type WsRejection, wsRejection } from "../local-gateway/support/ws-rejection.ts";
import { createSigningKey } from "../support/create-signing-key.ts";
import { showToken } from "../support/show-token.ts";
import { startGuardedRelay } from "../support/start-guarded-relay.ts";
import { AUDIENCE } from "../support/start-token-issuer.ts";

const { inHeader, inSubprotocol } = showToken;
const ALICE = "alice@example.com";

async function idOf(client: WsClient): Promise<string> {
  client.send('{"action":"sendMessageRoute"}');
  return (await client.messages.take()).replace("YOUR ID: ", "");
}

/** For frames that come in any order: errors first. */
function byKind(one: { relay: string }, other: { relay: string }): number {
  return one.relay.localeCompare(other.relay);
}

/** A rejection without the ids of its request. */
function answerOf({ status, headers, body }: WsRejection) {
  const { message, ...ids } = JSON.parse(body);
  return { status, message, members: Object.keys(ids), headers: Object.keys(headers) };
}

test("A token in the header lets its user in, whatever user the URL names", async () => {
  await using relay = await startGuardedRelay();
  const url = `${relay.url}?user=mallory&channel=lobby`;
  const alice = await wsConnect(url, inHeader(relay.issue()));
  expect(alice.webSocket.protocol).toBe("");
  expect(await relay.registered()).toMatchObject([{ user: ALICE }]);
  expect(await relay.joined()).toEqual(["lobby"]);

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

test("A client without a valid token is rejected with 401, and without a reason", async () => {
  await using relay = await startGuardedRelay();
  const { url, issuer, issue } = relay;
  const claims = { email: ALICE };
  const expired = { exp: Math.floor(Date.now() / 1000) - 3600 };
  const none = answerOf(await wsRejection(url));
  expect(none).toMatchObject({ status: 401, message: "Unauthorized" });
  expect(answerOf(await wsRejection(`${url}?user=alice&token=${issue()}`))).toEqual(none);
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
    expect(answerOf(await wsRejection(url, options))).toEqual(none);
  }
  expect(await relay.registered()).toEqual([]);
});

test("A channel that the token does not list is rejected with 403, and one that it lists is open", async () => {
  await using relay = await startGuardedRelay();
  const token = inHeader(relay.issue());
  expect(await wsRejection(`${relay.url}?channel=board`, token)).toMatchObject({ status: 403 });
  expect(await relay.registered()).toEqual([]);

  await wsConnect(`${relay.url}?channel=news`, token);
  expect(await relay.joined()).toEqual(["news"]);
});

test("An access token of Amazon Cognito's lets its user in, whatever its type is called", async () => {
  await using relay = await startGuardedRelay();
  const access = { email: ALICE, aud: undefined, client_id: AUDIENCE, token_use: "access" };
  await wsConnect(relay.url, inHeader(relay.issuer.issue(access, { typ: "at+jwt" })));
  expect(await relay.registered()).toMatchObject([{ user: ALICE }]);
  for (const token of [
    relay.issuer.issue({ ...access, token_use: "id" }),
    relay.issuer.issue({ ...access, client_id: "another" }),
    relay.issuer.issue(access, { typ: "logout+jwt" }),
  ]) {
    expect(await wsRejection(relay.url, inHeader(token))).toMatchObject({ status: 401 });
  }
});

test("A registration ends with its token, and says so", async () => {
  await using relay = await startGuardedRelay();
  const exp = Math.floor(Date.now() / 1000) + 120;
  const alice = await wsConnect(relay.url, inHeader(relay.issue({ exp })));
  expect(await relay.registered()).toMatchObject([{ expiresAt: exp }]);
  alice.send('{"action":"sendMessageRoute","id":"q1"}');
  const { expiresIn } = JSON.parse(await alice.messages.take());
  expect(expiresIn).toBeLessThanOrEqual(120);
});

test("Where tokens are checked, a raw forward needs a live registration of its sender, and none of its target", async () => {
  await using relay = await startGuardedRelay();
  const token = inHeader(relay.issue());
  const [alice, bob] = [await wsConnect(relay.url, token), await wsConnect(relay.url, token)];
  const [aliceId, bobId] = [await idOf(alice), await idOf(bob)];
  const forward = (from: WsClient, to: string) =>
    from.send(JSON.stringify({ action: "sendMessageRoute", forward: to, data: "hi" }));

  await relay.lose(bobId);
  forward(alice, bobId);
  expect(await bob.messages.take()).toBe("hi");
  forward(bob, aliceId);
  expect(JSON.parse(await bob.messages.take())).toMatchObject({ code: "NOT_REGISTERED" });
  expect(alice.messages.size).toBe(0);
});

test("With RawForward false nobody sends bare data to a connection id, and envelopes arrive", async () => {
  await using started = new AsyncDisposableStack();
  const gateway = await startLocalGateway({
    template: "template.yaml",
    parameterOverrides: { RawForward: "false" },
    quiet: true,
  });
  started.defer(() => gateway.close());
  const [alice, bob] = [await wsConnect(gateway.url), await wsConnect(gateway.url)];
  const connection = await idOf(bob);
  for (const forward of [connection, { connection }]) {
    alice.send(JSON.stringify({ action: "sendMessageRoute", forward, data: "hi", id: "m1" }));
  }
  const answers = [await alice.messages.take(), await alice.messages.take()];
  expect(answers.map((text) => JSON.parse(text)).sort(byKind)).toMatchObject([
    { relay: "error", code: "FORBIDDEN" },
    { relay: "receipt", delivered: 1 },
  ]);
  expect(JSON.parse(await bob.messages.take())).toMatchObject({ relay: "message", data: "hi" });
});

test("A page of another origin is rejected with 403, though its token is valid", async () => {
  await using relay = await startGuardedRelay();
  const options = { ...inSubprotocol(relay.issue()), origin: "https://evil.example" };
  expect(await wsRejection(relay.url, options)).toMatchObject({ status: 403 });
  expect(await relay.registered()).toEqual([]);
});

test("While the issuer's keys cannot be had, a token is rejected with 500, and accepted once they can", async () => {
  await using relay = await startGuardedRelay();
  const { issuer } = relay;
  const { answer } = issuer;
  issuer.answer = (request) => request.socket.destroy();
  const token = inHeader(relay.issue());
  const rejection = await wsRejection(relay.url, token);
  expect(rejection.status).toBe(500);
  expect(rejection.body).not.toContain(issuer.url);
  expect(await relay.registered()).toEqual([]);

  issuer.answer = answer;
  await wsConnect(relay.url, token);
  expect(await relay.registered()).toMatchObject([{ user: ALICE }]);
});

test("An environment fetches the keys once for many connections, and not before the first token", async () => {
  await using relay = await startGuardedRelay({ maxEnvironments: 1 });
  for (let index = 0; index < 10; index += 1) {
    await wsRejection(relay.url);
  }
  expect(relay.issuer.fetched).toEqual([]);

  for (let index = 0; index < 10; index += 1) {
    await wsConnect(relay.url, inHeader(relay.issue()));
  }
  expect(relay.issuer.fetched).toEqual(["/keys"]);
  expect(await relay.registered()).toHaveLength(10);
});
