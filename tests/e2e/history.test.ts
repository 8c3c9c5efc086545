import { startLocalGateway } from "../../local-gateway/index.ts";
import { invoke } from "../local-gateway/lambda-api/invoke.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { startCountedRelay } from "../support/start-counted-relay.ts";

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

describe("When the table of messages fails,", () => {
  const PUBLISH = { publish: { to: { channel: "lobby" }, data: 1, messageId: "m1" } };
  const READ = { history: { channel: "lobby", after: 0 } };
  const HISTORY = { HistoryHours: "24" };

  test.each([
    // Its targets are read before, from the other table.
    ["UpdateItem", ["Query"]],
    ["PutItem", ["Query", "UpdateItem"]],
  ])(
    "a message whose %s is throttled is THROTTLED, nobody gets it, and the table is not asked for more",
    async (throttled, answered) => {
      const asked: string[] = [];
      await using relay = await startCountedRelay(
        { databaseThrottled: 1 },
        ({ subject }) => {
          asked.push(subject);
          return subject === throttled;
        },
        HISTORY,
      );
      const alice = await wsConnect(`${relay.url}?channel=lobby`);
      let answer: unknown;
      const cost = await relay.costOf(async () => {
        answer = await relay.invoke(PUBLISH);
      });
      expect(answer).toMatchObject({ relay: "error", code: "THROTTLED" });
      expect(cost).toEqual({ database: answered, posts: 0 });
      expect(asked.filter((subject) => subject === throttled)).toHaveLength(1);
      expect(await relay.invoke(READ)).toMatchObject({ messages: [], upTo: 0, gap: false });
      expect(alice.messages.size).toBe(0);
      await closed(alice);
    },
  );

  test("a message that was stored, but not answered, is found at its number and delivered once", async () => {
    let slow = 0;
    await using relay = await startCountedRelay(
      // Longer than the adapter waits for one try.
      { slowDatabase: { share: 1, milliseconds: 2500 } },
      ({ subject }) => {
        slow += subject === "PutItem" ? 1 : 0;
        return subject === "PutItem" && slow === 1;
      },
      HISTORY,
    );
    const alice = await wsConnect(`${relay.url}?channel=lobby`);
    let answer: unknown;
    const { database } = await relay.costOf(async () => {
      answer = await relay.invoke(PUBLISH);
    });
    expect(answer).toMatchObject({ relay: "receipt", delivered: 1, sequence: 1 });
    expect(database).toEqual(["Query", "UpdateItem", "PutItem", "PutItem", "GetItem consistent"]);
    const message = JSON.parse(await alice.messages.take());
    expect(await relay.invoke(READ)).toMatchObject({ messages: [message], upTo: 1 });
    expect(alice.messages.size).toBe(0);
    await closed(alice);
  });
});
