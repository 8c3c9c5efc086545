import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import type { MessageFrame } from "../../protocol/frames.ts";
import { NOW } from "./assemble-domain.ts";
import { assembleHistory, HOUR, RETENTION } from "./assemble-history.ts";

const RUNS = { numRuns: 300 };
/** Longer than a number stays open, in milliseconds. */
const PATIENCE = 4000;

type Call = "works" | "fails" | "has no answer";

/** Something that happens to a channel. */
type Happening =
  | { readonly kind: "say"; readonly store: Call }
  /** A message whose store waits while so much else happens. */
  | { readonly kind: "say late"; readonly turns: number }
  | { readonly kind: "pass"; readonly time: number }
  /** The time to live deletes what has expired: all of it, or every second entry. */
  | { readonly kind: "delete"; readonly step: 1 | 2 }
  | { readonly kind: "read"; readonly reader: 0 | 1; readonly close: Call };

const call = fc.constantFrom<Call>("works", "works", "works", "fails", "has no answer");
const say = fc.record({ kind: fc.constant("say" as const), store: call });
const sayLate = fc.record({
  kind: fc.constant("say late" as const),
  turns: fc.integer({ min: 1, max: 8 }),
});
const passUpTo = (...times: readonly number[]) =>
  fc.record({ kind: fc.constant("pass" as const), time: fc.constantFrom(...times) });
const deletion = fc.record({
  kind: fc.constant("delete" as const),
  step: fc.constantFrom<1 | 2>(1, 2),
});
const read = fc.record({
  kind: fc.constant("read" as const),
  reader: fc.constantFrom<0 | 1>(0, 1),
  close: call,
});

/** A message whose store waits for so many turns. */
interface Late {
  turns: number;
  readonly go: () => void;
  readonly done: Promise<unknown>;
}

/** A channel with its writers and two readers, of which one may be away for long. */
class World {
  readonly #domain = assembleHistory();
  readonly readers = [new Reader(), new Reader()];
  #said = 0;
  #now = NOW;
  #store: Call = "works";
  #close: Call = "works";
  #held: Promise<void> | undefined;
  #late: Late[] = [];

  constructor() {
    const { history } = this.#domain;
    history.before = async (name) => {
      if (this.#callOf(name) === "fails") {
        throw new Error("The table is away.");
      }
      if (name === "store message") {
        const held = this.#held;
        this.#held = undefined;
        await held;
      }
    };
    history.after = (name) => {
      if (this.#callOf(name) === "has no answer") {
        throw new Error("There was no answer.");
      }
    };
  }

  /** The messages that a member of the channel has received. */
  get received(): readonly MessageFrame[] {
    return this.#domain.frames("bob=") as MessageFrame[];
  }

  async happen(it: Happening): Promise<void> {
    await this.#happen(it);
    for (const late of this.#late) {
      late.turns -= 1;
    }
    await this.#release(this.#late.filter(({ turns }) => turns === 0));
  }

  /** Everything that is late comes, and both readers ask as long as there may be something for them. */
  async end(): Promise<void> {
    await this.#release(this.#late);
    this.#domain.pass(PATIENCE);
    for (const reader of this.readers) {
      for (let round = 0; round < 30; round += 1) {
        await reader.ask(this.#domain.ask);
      }
    }
  }

  async #happen(it: Happening): Promise<void> {
    switch (it.kind) {
      case "say":
        this.#store = it.store;
        await this.#say();
        this.#store = "works";
        break;
      case "say late":
        await this.#sayLate(it.turns);
        break;
      case "pass":
        this.#domain.pass(it.time);
        this.#now += it.time;
        break;
      case "delete":
        this.#delete(it.step);
        break;
      case "read":
        this.#close = it.close;
        await this.readers[it.reader]?.ask(this.#domain.ask);
        this.#close = "works";
        break;
    }
  }

  async #say(): Promise<void> {
    this.#said += 1;
    await this.#domain.say(`m${this.#said}`);
  }

  async #sayLate(turns: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    const done = this.#say();
    while (this.#held !== undefined) {
      await setImmediate();
    }
    this.#late.push({ turns, go: resolve, done });
  }

  #delete(step: number): void {
    const { entries } = this.#domain.history;
    const expired = [...entries].filter(([, { expiresAt }]) => expiresAt <= this.#now);
    for (const [key] of expired.filter((_, index) => index % step === 0)) {
      entries.delete(key);
    }
  }

  async #release(late: readonly Late[]): Promise<void> {
    this.#late = this.#late.filter((it) => !late.includes(it));
    for (const { go, done } of late) {
      go();
      await done;
    }
  }

  #callOf(name: string): Call {
    return name === "store message" ? this.#store : name === "close number" ? this.#close : "works";
  }
}

/** A reader that asks for what comes after its position, and what it was given. */
class Reader {
  readonly read: MessageFrame[] = [];
  readonly gaps: (readonly [from: number, to: number])[] = [];
  #upTo = 0;

  async ask(ask: ReturnType<typeof assembleHistory>["ask"]): Promise<void> {
    const before = this.#upTo;
    const { messages, upTo, more, gap } = await ask({ after: before });
    expect(upTo).toBeGreaterThanOrEqual(before);
    // A reader that is to ask again at once comes further each time.
    expect(more && upTo === before).toBe(false);
    if (gap) {
      this.gaps.push([before + 1, (messages[0]?.sequence ?? upTo + 1) - 1]);
    }
    this.read.push(...messages);
    this.#upTo = upTo;
  }

  /** What is wrong about what the reader was given, when these messages were received by others. */
  problems(received: readonly MessageFrame[]): readonly string[] {
    const numbers = this.read.map(({ sequence = 0 }) => sequence);
    const inOrder = [...new Set(numbers)].sort((one, other) => one - other);
    const lost = received.filter(
      ({ sequence = 0, messageId }) =>
        !this.read.some((it) => it.sequence === sequence && it.messageId === messageId) &&
        !this.gaps.some(([from, to]) => sequence >= from && sequence <= to),
    );
    return [
      ...(numbers.join() === inOrder.join() ? [] : [`The order is ${numbers.join()}.`]),
      ...lost.map(({ sequence }) => `${sequence} was received, and not read.`),
    ];
  }
}

async function live(happenings: readonly Happening[]): Promise<World> {
  const world = new World();
  for (const it of happenings) {
    await world.happen(it);
  }
  await world.end();
  for (const reader of world.readers) {
    expect(reader.problems(world.received)).toEqual([]);
  }
  return world;
}

test("Whatever fails, is late or expires, a reader gets each message that anybody received once and in order, or a gap", async () => {
  const pass = passUpTo(10, 1000, 3000, 10_000, HOUR, 7 * HOUR, 13 * HOUR, RETENTION);
  const happenings = fc.array(fc.oneof(say, sayLate, pass, deletion, read), {
    minLength: 5,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(happenings, async (it) => {
      await live(it);
    }),
    RUNS,
  );
}, 60_000);

test("Whatever fails or is late, there is no gap before half of the time is over for which messages are kept", async () => {
  const pass = passUpTo(10, 1000, 3000, 10_000);
  const happenings = fc.array(fc.oneof(say, sayLate, pass, read), { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(happenings, async (it) => {
      const { readers } = await live(it);
      expect(readers.flatMap(({ gaps }) => gaps)).toEqual([]);
    }),
    RUNS,
  );
}, 60_000);
