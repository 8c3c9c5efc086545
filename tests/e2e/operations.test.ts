import { startLocalGateway } from "../../local-gateway/index.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { extractMetrics } from "../support/embedded-metric-format.ts";

const USER = "a-user-of-this-test";
const CHANNEL = "a-channel-of-this-test";
const DATA = "what-they-say-in-this-test";
/** A connection id as API Gateway makes them, of nobody. */
const GONE = "Nq3xYd7RiYcCG4A=";
const FUNCTION_LINE = "RelayFunction | ";
const EVERYTHING_ON = {
  AlarmTopicArn: "arn:aws:sns:us-east-1:123456789012:relay-alarms",
  Metrics: "true",
  Tracing: "Active",
};

/** What the two clients received, and what the gateway printed: before they came, and all that the function wrote. */
async function converse(parameterOverrides: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const gateway = await startLocalGateway({
    template: "template.yaml",
    parameterOverrides,
    onLine: (line) => lines.push(line),
  });
  const printedAtTheStart = [...lines];
  const frames: Record<string, unknown>[] = [];
  const take = async (client: WsClient) => frames.push(JSON.parse(await client.messages.take()));
  try {
    const alice = await wsConnect(`${gateway.url}?user=${USER}&channel=${CHANNEL}`);
    const bob = await wsConnect(`${gateway.url}?user=${USER}&channel=${CHANNEL}`);
    const say = (forward: unknown) =>
      alice.send(JSON.stringify({ action: "sendMessageRoute", data: DATA, forward, id: "m1" }));
    say({ channel: CHANNEL });
    await take(bob);
    await take(alice);
    say(GONE);
    await take(alice);
    say(5);
    await take(alice);
    for (const client of [alice, bob]) {
      client.webSocket.close();
      await client.closed;
    }
  } finally {
    await gateway.close();
  }
  const written = lines
    .filter((line) => line.startsWith(FUNCTION_LINE))
    .map((line) => line.slice(FUNCTION_LINE.length));
  return { frames, printedAtTheStart, written };
}

test("The relay does the same with everything for operators on, and its metrics count what it did", async () => {
  const off = await converse({});
  const on = await converse(EVERYTHING_ON);
  expect(off.frames.map(({ relay, code }) => code ?? relay)).toEqual([
    "message",
    "receipt",
    "TARGET_GONE",
    "INVALID_MESSAGE",
  ]);
  const kinds = ({ frames }: typeof off) => frames.map(({ relay, code }) => [relay, code]);
  expect(kinds(on)).toEqual(kinds(off));
  // Alarms, a dashboard and a tracing mode are nothing that the local gateway has to speak of.
  expect(on.printedAtTheStart).toEqual(off.printedAtTheStart);

  expect(off.written.filter((line) => line.includes("_aws"))).toEqual([]);
  const documents = on.written.filter((line) => line.includes("_aws"));
  const metrics = documents.flatMap((line) => extractMetrics(`${line}\n`));
  const sumOf = (wanted: string, code?: string) =>
    metrics
      .filter(({ name, dimensions }) => name === wanted && dimensions.Code === code)
      .reduce((sum, { value }) => sum + value, 0);
  expect(sumOf("Connects")).toBe(2);
  expect(sumOf("Deliveries")).toBe(1);
  expect(sumOf("DeliveriesGone")).toBe(1);
  expect(sumOf("FanOutSize")).toBe(2);
  expect(sumOf("Rejections", "TARGET_GONE")).toBe(1);
  expect(sumOf("Rejections", "INVALID_MESSAGE")).toBe(1);
  expect(new Set(metrics.map(({ dimensions }) => dimensions.FunctionName))).toEqual(
    new Set(["local-RelayFunction"]),
  );
  for (const secret of [USER, CHANNEL, DATA, GONE, "m1", "connectionId", "requestId"]) {
    expect(documents.join("\n")).not.toContain(secret);
  }
  // Every other line is the console's, as it is without metrics.
  const others = (written: readonly string[]) =>
    written
      .filter((line) => !line.includes("_aws"))
      .map((line) => JSON.parse(line).message.event)
      .sort();
  expect(others(on.written)).toEqual(others(off.written));
});
