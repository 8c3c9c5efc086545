import { startLocalGateway } from "../../local-gateway/index.ts";
import { invoke } from "../local-gateway/lambda-api/invoke.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";

interface History {
  readonly messages: readonly { readonly data: unknown; readonly sequence: number }[];
  readonly upTo: number;
  readonly more: boolean;
  readonly gap: boolean;
}

let gateway: Awaited<ReturnType<typeof startLocalGateway>>;

beforeAll(async () => {
  gateway = await startLocalGateway({
    template: "template.yaml",
    parameterOverrides: { HistoryHours: "24" },
    quiet: true,
  });
});

afterAll(() => gateway.close());

async function answerTo(client: WsClient, message: object): Promise<unknown> {
  client.send(JSON.stringify(message));
  return JSON.parse(await client.messages.take());
}

async function closed(client: WsClient): Promise<void> {
  client.webSocket.close();
  await client.closed;
}

test("Twenty messages that were sent while a client was away are there in their order when it is back", async () => {
  const url = `${gateway.url}?channel=lobby`;
  const [alice, bob] = [await wsConnect(url), await wsConnect(url)];
  const send = (data: unknown) =>
    answerTo(alice, {
      action: "sendMessageRoute",
      forward: { channel: "lobby" },
      data,
      id: String(data),
    });
  expect(await send("before")).toMatchObject({ relay: "receipt", sequence: 1 });
  const { sequence: after, epoch } = JSON.parse(await bob.messages.take());
  await closed(bob);
  for (let number = 1; number <= 20; number += 1) {
    expect(await send(number)).toMatchObject({ relay: "receipt", delivered: 0, epoch });
  }

  const again = await wsConnect(gateway.url);
  const joining = { action: "subscribe", channel: "lobby", id: "s1" };
  expect(await answerTo(again, joining)).toMatchObject({
    channels: [{ channel: "lobby", sequence: 21, epoch }],
  });
  const messages: unknown[] = [];
  for (let position = after, more = true; more; ) {
    const question = { action: "history", channel: "lobby", epoch, after: position };
    const frame = (await answerTo(again, question)) as History;
    messages.push(...frame.messages.map(({ data }) => data));
    expect(frame.gap).toBe(false);
    ({ upTo: position, more } = frame);
  }
  expect(messages).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  await closed(alice);
  await closed(again);
});

test("A backend reads what clients and backends have said to a channel, and nothing that was said to a user", async () => {
  const alice = await wsConnect(`${gateway.url}?user=alice&channel=news`);
  const message = { action: "sendMessageRoute", data: "from alice", id: "m1" };
  await answerTo(alice, { ...message, forward: { channel: "news" } });
  const { origin } = new URL(gateway.managementUrl);
  const { region } = gateway;
  const ask = async (event: object): Promise<unknown> => {
    const payload = JSON.stringify(event);
    return await (await invoke(origin, "local-RelayFunction", { payload, region })).json();
  };
  await ask({ publish: { to: { user: "alice" }, data: "to alice alone" } });
  await ask({ publish: { to: { channel: "news" }, data: "from billing", from: "billing" } });
  const frame = (await ask({ history: { channel: "news", last: 50, id: "h1" } })) as History;
  expect(frame).toMatchObject({ relay: "history", upTo: 2, id: "h1" });
  expect(frame.messages).toMatchObject([
    { from: { user: "alice" }, data: "from alice" },
    { from: { service: "billing" }, data: "from billing" },
  ]);
  await closed(alice);
});

test("An envelope of 126 KB is kept and read, next to small ones", async () => {
  const { origin } = new URL(gateway.managementUrl);
  const { region } = gateway;
  const alice = await wsConnect(`${gateway.url}?channel=large`);
  const data = "x".repeat(126 * 1024 - 400);
  for (const it of ["small", data, "small"]) {
    const payload = JSON.stringify({ publish: { to: { channel: "large" }, data: it } });
    const answer = await invoke(origin, "local-RelayFunction", { payload, region });
    expect(await answer.json()).toMatchObject({ delivered: 1 });
    await alice.messages.take();
  }
  const question = { action: "history", channel: "large", after: 1 };
  expect(await answerTo(alice, question)).toMatchObject({
    messages: [{ data, sequence: 2 }],
    upTo: 2,
    more: true,
  });
  await closed(alice);
});
