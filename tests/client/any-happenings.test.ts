import fc from "fast-check";
import { settle } from "./support/fake-clock.ts";
import { troubledClient } from "./support/troubled-client.ts";

type Troubled = ReturnType<typeof troubledClient>;
type Happening = keyof Troubled["happenings"];

const SETTINGS = {
  sendTimeout: 20_000,
  connectTimeout: 5000,
  heartbeatAfter: 1500,
  heartbeatTimeout: 1000,
  rotateAfter: 3000,
  maxDelay: 2000,
  maxAttempts: 20,
  outboxSize: 3,
};

/** How often each happens, compared with the others. */
const WEIGHTS: Readonly<Record<Happening, number>> = {
  ...{ send: 60, abort: 6, close: 1, advance: 60, trigger: 8, failToken: 6 },
  ...{ accept: 60, open: 25, reject: 8, die: 3, beginClosing: 3, drop: 4 },
  ...{ receipt: 60, error: 12, forget: 6, message: 25, duplicate: 25, echo: 40 },
};
const happening = fc.record({
  name: fc.oneof(
    ...Object.entries(WEIGHTS).map(([name, weight]) => ({
      weight,
      arbitrary: fc.constant(name as Happening),
    })),
  ),
  number: fc.nat(9),
});
/** Long ones: what is rare needs much before it. */
const course = fc.noBias(fc.array(happening, { minLength: 60, maxLength: 120, size: "max" }));

/** How often all runs together see what is rare, at least: it is about half of what is usual. */
const LEAST: Readonly<Record<string, number>> = {
  "The next connection has taken over.": 300,
  "The connection is closing.": 50,
  "The connection is dead.": 50,
  "The token function failed.": 50,
  "The relay has lost the registration.": 50,
  ...{ forgotten: 50, message: 600, duplicate: 100, echo: 500, earlyEcho: 40 },
  ...{ receipt: 600, OUTBOX_FULL: 150, UNCONFIRMED: 400, TIMEOUT: 400 },
  ...{ ABORTED: 60, UNAVAILABLE: 120, CLOSED: 600 },
};

test("whatever happens, every send settles, nothing is delivered twice, and every message is received once", async () => {
  const seen: string[] = [];
  await fc.assert(
    fc.asyncProperty(course, fc.boolean(), async (happenings, closes) => {
      const troubled = troubledClient(SETTINGS);
      for (const { name, number } of happenings) {
        await troubled.happenings[name](number);
        await settle();
        expect(waiting(troubled)).toBeLessThanOrEqual(SETTINGS.outboxSize);
      }
      if (!closes) {
        await troubled.clock.advance(SETTINGS.sendTimeout);
        expect(troubled.outcomes.size).toBe(troubled.sent.length);
      }
      troubled.client.close();
      await settle();
      expectPromisesKept(troubled);
      expect([troubled.clock.timers, troubled.listening()]).toEqual([0, false]);
      seen.push(...seenBy(troubled));
    }),
    { numRuns: 500 },
  );
  for (const [name, least] of Object.entries(LEAST)) {
    const times = seen.filter((other) => other === name).length;
    expect({ name, often: times >= least }).toEqual({ name, often: true });
  }
}, 60_000);

/** How many messages are neither settled nor sent, and never were. */
function waiting({ sent, outcomes, lines }: Troubled): number {
  const put = new Set(lines.put);
  return sent.filter(
    (_, data) => !outcomes.has(data) && !put.has(data) && !lines.forgotten.has(data),
  ).length;
}

function expectPromisesKept({ sent, outcomes, lines, all }: Troubled): void {
  expect(outcomes.size).toBe(sent.length);
  const put = new Set(lines.put);
  expect(lines.put.length).toBe(put.size);
  for (const [data, outcome] of outcomes) {
    const mayHaveArrived = outcome === "receipt" || outcome.mayHaveArrived;
    expect({ data, mayHaveArrived }).toEqual({ data, mayHaveArrived: put.has(data) });
  }
  for (const line of lines.all) {
    // A message that a line had forgotten goes out again, perhaps after others.
    const order = line.put.map(({ data }) => data).filter((data) => !lines.forgotten.has(data));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
  expect(all("message").map(({ messageId }) => messageId)).toEqual(lines.delivered);
}

/** What a client has seen: its reasons, its messages, what was rare on its lines, and what became of its own messages. */
function seenBy({ outcomes, lines, all }: Troubled): string[] {
  const changes = [...all("connecting"), ...all("open"), ...all("reconnecting")];
  return [
    ...[...outcomes.values()].map((outcome) => (outcome === "receipt" ? outcome : outcome.code)),
    ...changes.map(({ reason }) => reason),
    ...all("message").map(() => "message"),
    ...lines.rare,
  ];
}
