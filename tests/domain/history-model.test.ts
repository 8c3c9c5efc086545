import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import type { HistoryFrame, MessageFrame } from "../../protocol/frames.ts";
import type { MessageHistory, StoreOutcome } from "../../src/domain/ports.ts";
import { InMemoryMessageHistory } from "../support/in-memory-message-history.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const LOBBY = { channel: "lobby" };
const MESSAGES = ["one", "two", "three"];
/** Longer than a number stays open, in milliseconds: every reader closes what it finds missing. */
const STEP = 4000;

/** What came of a number of calls: who can make the next one, what there is then, and what is wrong. */
interface Outcome {
  readonly able: readonly number[];
  /** The same for two orders after which everything goes on in the same way. */
  readonly state: string;
  readonly problems: readonly string[];
}

/** How many writers and readers there are, and how the history that everybody uses is spoiled, if it is. */
interface Model {
  readonly writers: number;
  readonly readers: number;
  readonly spoil: (history: MessageHistory) => MessageHistory;
}

/**
 * Writers of one message each, and readers, each of whom closes what it finds missing, on one history. The calls of all of them are made
 * one at a time: each number in `order` is of the one whose call is next. Nobody goes on after the last of them: whoever has
 * not finished has died.
 */
async function run({ writers, readers, spoil }: Model, order: readonly number[]): Promise<Outcome> {
  let now = NOW;
  const current = new AsyncLocalStorage<number>();
  const waiting = new Map<number, () => void>();
  const done = new Set<number>();
  const logs = new Map<number, string[]>();
  const real = new InMemoryMessageHistory(() => now);
  const inTurn =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const actor = current.getStore();
      if (actor === undefined) {
        return await call(...args);
      }
      await new Promise<void>((resolve) => waiting.set(actor, resolve));
      now += STEP;
      const result = await call(...args);
      const logged = result instanceof Map ? [...result] : result;
      logs.get(actor)?.push(withoutTimes(logged));
      return result;
    };
  const spoiled = spoil(real);
  const history: MessageHistory = {
    takeNumber: inTurn((...args) => spoiled.takeNumber(...args)),
    store: inTurn((...args) => spoiled.store(...args)),
    positions: inTurn((...args) => spoiled.positions(...args)),
    read: inTurn((...args) => spoiled.read(...args)),
  };
  const domain = assembleDomain({ history, clock: () => now, end: () => now + 1e9 });
  domain.connect("bob=", { ...LOBBY, expiresAt: NOW + 1e9 });
  await domain.publish({ to: LOBBY, data: "zero" });

  const answers: HistoryFrame[] = [];
  const actions = [
    ...MESSAGES.slice(0, writers).map(
      (data) => () => domain.publish({ to: LOBBY, data, messageId: data }),
    ),
    ...Array.from({ length: readers }, () => async () => {
      const { answer } = await domain.readHistory({ ...LOBBY, after: 1 });
      answers.push(answer as HistoryFrame);
    }),
  ];
  const isStill = (actor: number) => done.has(actor) || waiting.has(actor);
  for (const [actor, act] of actions.entries()) {
    logs.set(actor, []);
    current.run(actor, () => act().then(() => done.add(actor)));
  }
  const settle = async () => {
    while (![...actions.keys()].every(isStill)) {
      await setImmediate();
    }
  };
  await settle();
  for (const actor of order) {
    const go = waiting.get(actor);
    waiting.delete(actor);
    go?.();
    await settle();
  }
  const entries = [...real.entries.values()];
  const received = domain.frames("bob=") as MessageFrame[];
  const kept = entries.map(({ sequence, message }) => [sequence, message?.messageId ?? null]);
  return {
    able: [...waiting.keys()].filter((actor) => isNext(actor, writers, logs)),
    state: JSON.stringify([kept.sort(), [...logs.values()]]),
    problems: [
      ...answers.filter(({ gap }) => gap).map(() => "There is a gap."),
      ...received.flatMap((message) => answers.flatMap((answer) => problemsWith(answer, message))),
      ...received
        .filter(
          ({ sequence, messageId }) =>
            !kept.some(([at, id]) => at === sequence && id === messageId),
        )
        .map(({ data }) => `${data} was received, and is not kept.`),
    ],
  };
}

/** The writers are alike, and so are the readers: without loss of an order, they begin one after the other. */
function isNext(
  actor: number,
  writers: number,
  logs: ReadonlyMap<number, readonly string[]>,
): boolean {
  return actor === 0 || actor === writers || logs.get(actor - 1)?.length !== 0;
}

function withoutTimes(result: unknown): string {
  return JSON.stringify(result, (name, value) =>
    ["takenAt", "previousAt", "expiresAt", "text"].includes(name) ? undefined : value,
  );
}

/** What is wrong when somebody has received a message, and somebody else was answered so. */
function problemsWith(
  { messages, upTo, gap }: HistoryFrame,
  { sequence = 0, messageId, data }: MessageFrame,
): string[] {
  const isThere = messages.some((it) => it.messageId === messageId && it.sequence === sequence);
  const isAsked = sequence > 1 && sequence <= upTo;
  return isAsked && !isThere && !gap ? [`${data} was received, and said not to exist.`] : [];
}

/** Runs the model in every order there is. Orders with the same state go on in the same way, so one of them is enough. */
async function inEveryOrder(model: Model): Promise<{ states: number; problems: Set<string> }> {
  const open: (readonly number[])[] = [[]];
  const seen = new Set<string>();
  const problems = new Set<string>();
  for (let order = open.pop(); order !== undefined; order = open.pop()) {
    const outcome = await run(model, order);
    if (seen.has(outcome.state)) {
      continue;
    }
    seen.add(outcome.state);
    for (const problem of outcome.problems) {
      problems.add(problem);
    }
    for (const actor of outcome.able) {
      open.push([...order, actor]);
    }
  }
  return { states: seen.size, problems };
}

test.each([
  [3, 1, 800],
  [2, 2, 2000],
])(
  "In every order of the calls of %i writers and %i readers, nobody is told that a message does not exist that somebody receives",
  async (writers, readers, least) => {
    const model = { writers, readers, spoil: (history: MessageHistory) => history };
    const { states, problems } = await inEveryOrder(model);
    expect([...problems]).toEqual([]);
    // Fewer would mean that some orders are no longer tried.
    expect(states).toBeGreaterThan(least);
  },
  60_000,
);

/** A history whose store does what it is asked for only in part. */
function spoiledStore(
  store: (
    real: MessageHistory,
    ...args: Parameters<MessageHistory["store"]>
  ) => Promise<StoreOutcome>,
) {
  return (real: MessageHistory): MessageHistory => ({
    takeNumber: (...args) => real.takeNumber(...args),
    positions: (...args) => real.positions(...args),
    read: (...args) => real.read(...args),
    store: (...args) => store(real, ...args),
  });
}

test.each([
  [
    "a message is delivered whatever is at its number",
    spoiledStore(async (real, place, entry, deadline) => {
      const outcome = await real.store(place, entry, deadline);
      return entry.message === undefined ? outcome : { kind: "stored" };
    }),
  ],
  [
    "a number is closed without writing",
    spoiledStore(async (real, place, entry, deadline) =>
      entry.message === undefined ? { kind: "stored" } : await real.store(place, entry, deadline),
    ),
  ],
  [
    "a closed number counts as empty whatever is there",
    spoiledStore(async (real, place, entry, deadline) => {
      const outcome = await real.store(place, entry, deadline);
      return entry.message === undefined ? { kind: "stored" } : outcome;
    }),
  ],
])("The model finds it when %s", async (_, spoil) => {
  const { problems } = await inEveryOrder({ writers: 3, readers: 1, spoil });
  expect([...problems].join()).toContain("said not to exist");
});
