import { ERROR_CODES } from "../../protocol/errors.ts";
import { createMeasure } from "../../src/app/metrics.ts";
import { assembleInMemory } from "../support/assemble-in-memory.ts";
import { extractMetrics } from "../support/embedded-metric-format.ts";
import { readEvent } from "../support/read-event.ts";
import type { RecordingMessageSender } from "../support/recording-message-sender.ts";

const ALICE = "C51DherHNjMCI3Q=";
const BOB = "C50a8cvrtjMCI7w=";
const FUNCTION = "local-RelayFunction";
/** What a client writes where it can, and what its log lines are known by. */
const SECRET = "secret-of-a-client";
const LATER = Date.now() + 3_600_000;
const REASONS = ["badName", "tooManyChannels", "unauthenticated", "nameless", "forbidden"];

type Relay = ReturnType<typeof assembleInMemory<RecordingMessageSender>>;

/** Each metric of the lines, by its name and, if it has one, its code. Every line must keep to the format. */
function measuredBy({ written }: Pick<Relay, "written">): Readonly<Record<string, number>> {
  const metrics = written.flatMap(extractMetrics);
  for (const { namespace, dimensions } of metrics) {
    expect(namespace).toBe("WebSocketRelay");
    expect(dimensions.FunctionName).toBe(FUNCTION);
  }
  return Object.fromEntries(
    metrics.map(({ name, dimensions: { Code: code }, value }) => [
      code === undefined ? name : `${name} ${code}`,
      value,
    ]),
  );
}

async function register(relay: Relay, connectionId: string, channel: string): Promise<void> {
  relay.sender.connect(connectionId);
  await relay.store.add({ connectionId, registeredAt: 0, expiresAt: LATER }, [
    { connectionId, channel, since: 0, expiresAt: LATER, presence: false },
  ]);
}

function message(name: "forward" | "history" | "subscribe" | "unsubscribe", body: object) {
  return { ...readEvent(name), body: JSON.stringify(body) };
}

const toLobby = (members: object = {}) =>
  message("forward", { forward: { channel: SECRET }, data: SECRET, id: SECRET, ...members });

/** Everything that can happen, with what the function writes of it. */
const HAPPENINGS: readonly (readonly [
  string,
  (relay: Relay) => Promise<unknown>,
  Readonly<Record<string, unknown>>,
])[] = [
  ["a client connects", ({ invoke }) => invoke(readEvent("connect")), { Connects: 1 }],
  [
    "a client with a bad name is rejected",
    ({ invoke }) =>
      invoke({
        ...readEvent("connect"),
        multiValueQueryStringParameters: { user: [`${SECRET} ${SECRET}`] },
      }),
    { "Rejections badName": 1 },
  ],
  [
    "a client cannot be registered",
    async ({ store, invoke }) => {
      store.failure = new Error(SECRET);
      await invoke(readEvent("connect"));
    },
    { Failures: 1 },
  ],
  [
    "a message reaches two of a channel, of four that are tried",
    async (relay) => {
      for (const id of [ALICE, BOB, "carol=", "dave=", "erin="]) {
        await register(relay, id, SECRET);
      }
      relay.sender.answerWith("carol=", "throttled");
      relay.sender.answerWith("dave=", new Error(SECRET));
      await relay.invoke(toLobby());
    },
    {
      Deliveries: 2,
      DeliveriesThrottled: 1,
      DeliveriesFailed: 1,
      FanOutSize: 4,
      FanOutTime: expect.any(Number),
      Failures: 1,
    },
  ],
  [
    "a target is gone",
    async (relay) => {
      await register(relay, ALICE, SECRET);
      await relay.invoke(message("forward", { forward: BOB, data: SECRET }));
    },
    {
      DeliveriesGone: 1,
      FanOutSize: 1,
      FanOutTime: expect.any(Number),
      "Rejections TARGET_GONE": 1,
    },
  ],
  [
    "the channel cannot be read to its end",
    async (relay) => {
      await register(relay, ALICE, SECRET);
      relay.store.beforeAccess = (access) => {
        if (access === "query group") {
          throw new Error(SECRET);
        }
      };
      await relay.invoke(toLobby());
    },
    {
      DeliveriesIncomplete: 1,
      FanOutTime: expect.any(Number),
      Failures: 1,
      "Rejections UNAVAILABLE": 1,
    },
  ],
  [
    "a message is not a valid one",
    async (relay) => {
      await register(relay, ALICE, SECRET);
      await relay.invoke(message("forward", { [SECRET]: SECRET, forward: 5 }));
    },
    { "Rejections INVALID_MESSAGE": 1 },
  ],
  [
    "a client asks for a history that is no longer kept",
    async (relay) => {
      await register(relay, ALICE, SECRET);
      await relay.invoke(message("history", { channel: SECRET, after: 99, id: SECRET }));
    },
    { HistoryGaps: 1 },
  ],
  [
    "a backend asks for one",
    ({ invoke }) => invoke({ history: { channel: SECRET, after: 99, id: SECRET } }),
    { HistoryGaps: 1 },
  ],
  [
    "a backend publishes",
    async (relay) => {
      await register(relay, ALICE, SECRET);
      await relay.invoke({ publish: { to: { channel: SECRET }, data: SECRET, id: SECRET } });
    },
    { Deliveries: 1, FanOutSize: 1, FanOutTime: expect.any(Number) },
  ],
  [
    "a backend publishes to nobody",
    ({ invoke }) => invoke({ publish: { to: { user: SECRET }, data: SECRET } }),
    { FanOutTime: expect.any(Number), "Rejections TARGET_GONE": 1 },
  ],
  [
    "a backend closes a connection",
    async (relay) => {
      await register(relay, ALICE, SECRET);
      await relay.invoke({ disconnect: { to: { connection: ALICE }, reason: SECRET } });
    },
    { Deliveries: 1, FanOutSize: 1, FanOutTime: expect.any(Number) },
  ],
  [
    "the relay itself is broken",
    async (relay) => {
      await register(relay, ALICE, SECRET);
      relay.sender.send = () => {
        throw new Error(SECRET);
      };
      await relay.invoke(readEvent("who-am-i"));
    },
    { Failures: 1 },
  ],
];

describe("The metrics", () => {
  test.each(HAPPENINGS)("count it when %s", async (_, happen, expected) => {
    const relay = assembleInMemory({ config: { history: { table: "none", hours: 1 } } });
    await happen(relay);
    expect(relay.written).toHaveLength(1);
    expect(measuredBy(relay)).toEqual(expected);
  });

  test("are nothing where there is nothing to say", async () => {
    const relay = assembleInMemory();
    await register(relay, ALICE, "lobby");
    for (const name of ["who-am-i", "members", "subscribe", "unsubscribe", "unknown-route"]) {
      await relay.invoke(readEvent(name));
    }
    await relay.invoke(readEvent("disconnect"));
    await relay.invoke(readEvent("backend-members"));
    expect(relay.written).toEqual([]);
  });

  test("count each delivery of a large message once, where it is made", async () => {
    const fanOutSizes = { ownTargets: 1, sliceTargets: 2 };
    const relay = assembleInMemory<RecordingMessageSender>({ fanOutSizes });
    for (const id of [ALICE, BOB, "carol=", "dave=", "erin="]) {
      await register(relay, id, SECRET);
    }
    relay.sender.answerWith("dave=", new Error(SECRET));
    await relay.invoke({ publish: { to: { channel: SECRET }, data: SECRET } });
    const metrics = relay.written.flatMap(extractMetrics);
    const sum = (name: string) =>
      metrics.filter((it) => it.name === name).reduce((total, { value }) => total + value, 0);
    expect(Object.fromEntries(metrics.map(({ name }) => [name, sum(name)]))).toEqual({
      Deliveries: 4,
      DeliveriesFailed: 1,
      Failures: 1,
      FanOutSize: 5,
      FanOutTime: expect.any(Number),
    });
  });

  test("count the messages over the limit, also those that are rejected in silence and not logged", async () => {
    const relay = assembleInMemory({ config: { messagesPerMinute: 1 } });
    await register(relay, ALICE, "lobby");
    for (let number = 0; number < 4; number += 1) {
      await relay.invoke(readEvent("who-am-i"));
    }
    expect(relay.written.map((line) => measuredBy({ written: [line] }))).toEqual(
      Array(3).fill({ "Rejections RATE_LIMITED": 1 }),
    );
    expect(relay.logged).toMatchObject([{ event: "rejected", details: { code: "RATE_LIMITED" } }]);
  });

  test("count the messages of a sender without a registration by their own code, also where each message is counted", async () => {
    const relay = assembleInMemory({ config: { messagesPerMinute: 1 } });
    await relay.invoke(readEvent("who-am-i"));
    await relay.invoke(readEvent("who-am-i"));
    expect(relay.written.map((line) => measuredBy({ written: [line] }))).toEqual(
      Array(2).fill({ "Rejections NOT_REGISTERED": 1 }),
    );
    expect(relay.logged).toHaveLength(1);
  });

  test("hold no word that is not the relay's own, whatever happens", async () => {
    const words = new Set<unknown>([FUNCTION, "INFO", "WebSocketRelay", "Count", "Milliseconds"]);
    for (const word of ["FunctionName", "Code", ...ERROR_CODES, ...REASONS]) {
      words.add(word);
    }
    for (const [, happen] of HAPPENINGS) {
      const relay = assembleInMemory({ config: { history: { table: "none", hours: 1 } } });
      await happen(relay);
      for (const line of relay.written) {
        const { timestamp, _aws, ...root } = JSON.parse(line);
        expect(new Date(timestamp).getTime()).toBe(_aws.Timestamp);
        const names = new Set(extractMetrics(line).map(({ name }) => name));
        expect(
          Object.keys(root)
            .filter((name) => !names.has(name))
            .sort(),
        ).toEqual(["Code", "FunctionName", "level"].filter((name) => name in root));
        JSON.stringify({ _aws, ...root }, (_, value) => {
          expect(typeof value !== "string" || words.has(value) || names.has(value)).toBe(true);
          return value;
        });
      }
    }
  });

  test("have at most one dimension next to the function, which is the code of a rejection", () => {
    const written: string[] = [];
    const measure = createMeasure(FUNCTION, (line) => written.push(line));
    measure({ connected: true, rejection: "FORBIDDEN", gap: true, failures: [1, 2] });
    expect(written.flatMap(extractMetrics)).toEqual(
      [
        { name: "Connects", value: 1 },
        { name: "HistoryGaps", value: 1 },
        { name: "Failures", value: 2 },
        { name: "Rejections", value: 1, dimensions: { FunctionName: FUNCTION, Code: "FORBIDDEN" } },
      ].map((it) => ({
        namespace: "WebSocketRelay",
        unit: "Count",
        dimensions: { FunctionName: FUNCTION },
        ...it,
      })),
    );
  });
});

describe("The check of the format", () => {
  const line = (changes: object) =>
    `${JSON.stringify({
      _aws: {
        Timestamp: 1,
        CloudWatchMetrics: [
          { Namespace: "N", Dimensions: [["D"]], Metrics: [{ Name: "M", Unit: "Count" }] },
        ],
      },
      D: "d",
      M: 1,
      ...changes,
    })}\n`;
  const directive = (changes: object) => ({
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [{ Namespace: "N", Dimensions: [["D"]], Metrics: [], ...changes }],
    },
  });

  test("accepts what the specification shows", () => {
    expect(extractMetrics(line({ more: ["anything"] }))).toEqual([
      { namespace: "N", name: "M", unit: "Count", dimensions: { D: "d" }, value: 1 },
    ]);
  });

  test.each([
    ["two lines", `${line({})}${line({})}`],
    ["a line with something around it", `INFO ${line({})}`],
    ["what the console makes of it", `${JSON.stringify({ message: JSON.parse(line({})) })}\n`],
    ["a metric without a number", line({ M: "1" })],
    ["a dimension without a text", line({ D: 1 })],
    [
      "a time that is not in milliseconds",
      line({ _aws: { Timestamp: 1.5, CloudWatchMetrics: [] } }),
    ],
    ["a namespace of AWS", line(directive({ Namespace: "AWS/Lambda" }))],
    ["no set of dimensions", line(directive({ Dimensions: [] }))],
    ["another member", line(directive({ More: 1 }))],
    ["another unit", line(directive({ Metrics: [{ Name: "M", Unit: "Messages" }] }))],
    ["too many metrics", line(directive({ Metrics: Array(101).fill({ Name: "M" }) }))],
    ["too many dimensions", line(directive({ Dimensions: [Array(31).fill("D")] }))],
  ])("rejects %s", (_, written) => {
    expect(() => extractMetrics(written)).toThrow();
  });
});
