import { startLocalGateway } from "../../local-gateway/index.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";

const NOISY = 20;
const LIMIT = 60;
const TRIED = LIMIT + 10;
const MINUTE = 60_000;
const minuteNow = () => Math.floor(Date.now() / MINUTE);

/** Everything that a client has received so far, parsed. */
async function received({ messages }: WsClient): Promise<Record<string, unknown>[]> {
  const frames: Record<string, unknown>[] = [];
  while (messages.size > 0) {
    frames.push(JSON.parse(await messages.take()));
  }
  return frames;
}

test("of each of 20 noisy connections 60 messages a minute are delivered, and all of a quiet neighbour's", async () => {
  await using stack = new AsyncDisposableStack();
  const gateway = await startLocalGateway({
    template: "template.yaml",
    parameterOverrides: {
      MessagesPerMinute: String(LIMIT),
      // Of the stage's own limits this test is not about.
      ThrottlingRateLimit: "10000",
      ThrottlingBurstLimit: "5000",
    },
    quiet: true,
  });
  stack.defer(() => gateway.close());
  const target = await wsConnect(`${gateway.url}?user=target`);
  const neighbour = await wsConnect(`${gateway.url}?user=neighbour`);
  const noisy = await Promise.all(
    Array.from({ length: NOISY }, (_, index) => wsConnect(`${gateway.url}?user=noisy-${index}`)),
  );
  const send = (client: WsClient, data: unknown) =>
    client.send(JSON.stringify({ action: "sendMessageRoute", forward: { user: "target" }, data }));

  const first = minuteNow();
  for (let round = 0; round < TRIED; round += 1) {
    for (const client of noisy) {
      send(client, round);
    }
    if (round < 20) {
      send(neighbour, round);
    }
  }
  // What is delivered at least; the rest is on its way, or has been rejected.
  const frames: Record<string, unknown>[] = [];
  const counted = new Map<string, number>();
  let quiet = 0;
  while (quiet < 20 || [...counted.values()].reduce((sum, it) => sum + it, 0) < NOISY * LIMIT) {
    const frame = JSON.parse(await target.messages.take());
    frames.push(frame);
    const { user } = frame.from;
    if (user === "neighbour") {
      quiet += 1;
    } else {
      counted.set(user, (counted.get(user) ?? 0) + 1);
    }
  }
  const minutes = minuteNow() - first + 1;
  for (const client of noisy) {
    client.webSocket.close();
    await client.closed;
  }
  frames.push(...(await received(target)));
  expect(counted.size).toBe(NOISY);
  for (const user of counted.keys()) {
    const delivered = frames.filter((it) => (it.from as { user: string }).user === user).length;
    expect(delivered).toBeLessThanOrEqual(LIMIT * minutes);
  }
  const answers = (await Promise.all(noisy.map(received))).flat();
  const codes = new Set(answers.map(({ code }) => code));
  // Over the turn of a minute they may all have been delivered.
  expect([...codes]).toEqual(minutes === 1 ? ["RATE_LIMITED"] : expect.any(Array));
  expect(answers.length).toBeLessThan(NOISY * (TRIED - LIMIT));
}, 60_000);
