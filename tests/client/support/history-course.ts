import { type Clock, type Positions, RelayClient, type RelayError } from "../../../client/index.ts";
import type { HistoryEntry } from "../../../src/domain/ports.ts";
import { HistoryLog, type Kept, problemsOf } from "./history-log.ts";
import { type Random, seededRandom } from "./random.ts";
import { NO_TROUBLE, type Trouble, VirtualRelay, VirtualWebSocket } from "./virtual-relay.ts";

const CHANNELS = ["lobby", "news"] as const;
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const HEARTBEAT_AFTER = 60 * SECOND;
const HEARTBEAT_TIMEOUT = 10 * SECOND;
const MAX_DELAY = 10 * SECOND;
/**
 * One heartbeat, and what a client needs that has no connection, or a dead one, at the beginning: to notice, to connect, and to
 * ask for a number that was taken a moment ago.
 */
const UNTIL_COMPLETE = HEARTBEAT_AFTER + HEARTBEAT_TIMEOUT + 3 * MAX_DELAY;
/** Two questions for a hole take so long at most, and a little more. */
const PROMPTLY = 14 * SECOND;
const FROM_THE_BEGINNING = 100_000;

/** A clock whose timers stand still while its machine sleeps. */
class SleepingClock implements Clock {
  isAsleep = false;
  readonly #clock: Clock;
  readonly #due = new Set<() => void>();
  readonly #timers = new Map<unknown, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimeout(callback: () => void, milliseconds: number): unknown {
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      if (this.isAsleep) {
        this.#due.add(callback);
        this.#timers.set(timer, callback);
      } else {
        callback();
      }
    }, milliseconds);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#clock.clearTimeout(timer);
    const callback = this.#timers.get(timer);
    if (callback) {
      this.#timers.delete(timer);
      this.#due.delete(callback);
    }
  }

  wake(): void {
    this.isAsleep = false;
    for (const callback of this.#due) {
      this.#due.delete(callback);
      callback();
    }
  }
}

/** An application that is in both channels, with one client after the other. */
class Member {
  readonly log = new HistoryLog();
  readonly last: number;
  readonly maxCatchUp: number;
  /** Numbers of its own messages that were received. */
  readonly receipts: {
    readonly channel: string;
    readonly sequence: number;
    readonly data: string;
  }[] = [];
  readonly #name: string;
  readonly #relay: VirtualRelay;
  readonly #random: Random;
  readonly #clock: SleepingClock;
  #socket: VirtualWebSocket | undefined;
  #client: RelayClient | undefined;
  #positions: Positions = {};
  #isInNews = false;

  constructor(name: string, relay: VirtualRelay, random: Random) {
    this.#name = name;
    this.#relay = relay;
    this.#random = random;
    this.#clock = new SleepingClock(relay.clock);
    this.last = random.pick([0, 3, FROM_THE_BEGINNING, FROM_THE_BEGINNING]);
    this.maxCatchUp = random.pick([5, 1000, 1000, 1000]);
  }

  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  /** The page is loaded: it goes on where it was. */
  open(): void {
    this.close();
    const relay = this.#relay;
    const member = this;
    const client = new RelayClient("wss://relay.example/dev", {
      user: this.#name,
      channel: "lobby",
      history: true,
      last: this.last,
      maxCatchUp: this.maxCatchUp,
      positions: this.#positions,
      heartbeatAfter: HEARTBEAT_AFTER,
      heartbeatTimeout: HEARTBEAT_TIMEOUT,
      rotateAfter: this.#random.pick([45 * SECOND, 900 * SECOND]),
      baseDelay: SECOND,
      maxDelay: MAX_DELAY,
      maxAttempts: 1_000_000,
      clock: this.#clock,
      random: this.#random.next,
      reconnectTriggers: () => () => {},
      WebSocket: class extends VirtualWebSocket {
        constructor(url: string) {
          super(url, relay);
          member.#socket = this;
        }
      },
    });
    this.#client = client;
    this.log.follow(client, () => {
      this.#positions = client.positions();
    });
    if (this.#isInNews) {
      client.subscribe("news");
    }
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  joinNews(): void {
    this.#isInNews = true;
    this.#client?.subscribe("news");
  }

  isIn(channel: string): boolean {
    return channel === "lobby" || this.#isInNews;
  }

  send(channel: string, data: string): void {
    this.#client?.send({ channel }, data).then(
      ({ sequence }) => this.receipts.push({ channel, sequence: Number(sequence), data }),
      (_: RelayError) => {},
    );
  }

  cut(isNoticed: boolean): void {
    this.#socket?.cut(isNoticed);
  }

  /** The relay loses a membership, and what says so is lost, too. */
  forgetMembership(channel: string): void {
    const { store } = this.#relay;
    const { connectionId = "" } = this.#socket ?? {};
    void store.leave(connectionId, channel, Number.POSITIVE_INFINITY).catch(() => {});
  }

  sleep(): void {
    this.#clock.isAsleep = true;
    this.#socket?.cut(false);
  }

  wake(): void {
    this.#clock.wake();
  }
}

/** Everything that happens is drawn from the seed. */
class Course {
  readonly #random: Random;
  readonly relay: VirtualRelay;
  readonly #members: readonly Member[];
  /** What was ever in the history, as it forgets with time. */
  readonly #entries = new Map<string, HistoryEntry>();
  #said = 0;

  constructor(seed: number) {
    const random = seededRandom(seed);
    this.#random = random;
    this.relay = new VirtualRelay(random);
    const names = ["alice", "bob", "carol", "dave"].slice(0, 2 + random.below(3));
    this.#members = names.map((name) => new Member(name, this.relay, random));
  }

  async run(): Promise<readonly string[]> {
    const { clock } = this.relay;
    for (const member of this.#members) {
      member.open();
    }
    await clock.advance(this.#random.below(5) * SECOND);
    for (let count = 20 + this.#random.below(30); count > 0; count -= 1) {
      this.#happen();
      await clock.advance(this.#random.pick([0, 1, 30, 300, 1500, 6000, 25_000]));
    }
    await this.#becomeQuiet();
    const problems = this.#problems();
    await this.#missOne();
    problems.push(...this.#problems());
    if (problems.length === 0 && this.#random.chance(0.2)) {
      await this.#comeBackLater();
      problems.push(...this.#problems(true));
    }
    this.#close();
    return problems;
  }

  #happen(): void {
    const random = this.#random;
    const member = random.pick(this.#members);
    const acts: readonly (() => void)[] = [
      () => this.#say(member),
      () => this.#say(member),
      () => {
        for (let count = random.below(12); count > 0; count -= 1) {
          this.#say(random.pick(this.#members));
        }
      },
      () => this.#publish(),
      () => member.joinNews(),
      () => member.cut(random.chance(0.7)),
      () => member.sleep(),
      () => member.wake(),
      () => member.wake(),
      () => member.open(),
      () => member.forgetMembership(random.pick(CHANNELS)),
      () => this.relay.restart(),
      () => this.relay.store.holdIndexes(),
      () => this.relay.store.releaseIndexes(),
      () => {
        this.relay.trouble = this.#trouble();
      },
      () => {
        this.relay.trouble = NO_TROUBLE;
      },
    ];
    random.pick(acts)();
  }

  #say(member: Member): void {
    const channel = this.#random.pick(CHANNELS);
    this.#said += 1;
    member.send(channel, `d${this.#said}`);
  }

  #publish(channel: string = this.#random.pick(CHANNELS)): void {
    this.#said += 1;
    const to = { channel };
    const publish = { to, data: `d${this.#said}`, messageId: `p${this.#said}` };
    for (let times = 1 + this.#random.below(2); times > 0; times -= 1) {
      void this.relay.invoke({ publish });
    }
  }

  #trouble(): Trouble {
    const share = (most: number) => (this.#random.chance(0.5) ? this.#random.next() * most : 0);
    return {
      lostPost: share(0.5),
      failedPost: share(0.3),
      spuriousGone: share(0.3),
      duplicateEvent: share(0.5),
      lostDisconnect: share(0.5),
      databaseError: share(0.2),
      throttledHistory: share(0.3),
      unanswered: share(0.2),
      slowCall: share(0.3),
      eventDelay: this.#random.pick([20, 500, 4000]),
      postDelay: this.#random.pick([20, 500, 4000]),
    };
  }

  async #becomeQuiet(): Promise<void> {
    const { relay } = this;
    relay.trouble = NO_TROUBLE;
    relay.store.releaseIndexes();
    for (const member of this.#members) {
      member.wake();
      if (!member.isConnected) {
        member.open();
      }
    }
    // What is under way arrives, and calls of the database end; then there is quiet.
    await relay.clock.advance(30 * SECOND);
    await relay.clock.advance(UNTIL_COMPLETE);
  }

  /** Nobody receives a message that was sent, and a member sends another one: all are there in the time of some questions. */
  async #missOne(): Promise<void> {
    const { relay } = this;
    relay.trouble = { ...NO_TROUBLE, lostPost: 1 };
    for (const channel of CHANNELS) {
      this.#publish(channel);
    }
    await relay.clock.advance(SECOND);
    relay.trouble = NO_TROUBLE;
    for (const channel of CHANNELS) {
      const member = this.#random.pick(this.#members.filter((it) => it.isIn(channel)));
      this.#said += 1;
      member?.send(channel, `d${this.#said}`);
    }
    await relay.clock.advance(PROMPTLY);
  }

  /** Everybody is away for longer than some messages, or all, are kept, while others are sent. */
  async #comeBackLater(): Promise<void> {
    const { relay } = this;
    for (const member of this.#members) {
      member.close();
    }
    await relay.clock.advance(30 * SECOND);
    for (const hours of [this.#random.pick([13, 60]), this.#random.pick([1, 25, 25, 60])]) {
      this.#remember();
      relay.skip(hours * HOUR);
      if (hours === 60) {
        // No message has come for a day longer than messages are kept.
        relay.history.counters.clear();
      }
      this.#publish();
      this.#publish();
      await relay.clock.advance(30 * SECOND);
    }
    for (const member of this.#members) {
      member.open();
    }
    await relay.clock.advance(UNTIL_COMPLETE);
  }

  #close(): void {
    for (const member of this.#members) {
      member.close();
    }
  }

  #problems(isLater = false): string[] {
    return this.#members.flatMap((member, index) =>
      CHANNELS.filter((channel) => member.isIn(channel)).flatMap((channel) => {
        const kept = this.#kept(channel);
        const begin = member.last === FROM_THE_BEGINNING ? 0 : undefined;
        const mayHaveGaps = isLater || member.maxCatchUp < 1000;
        const epoch = this.relay.history.counters.get(channel)?.epoch;
        const problems = problemsOf(member.log.of(channel), { kept, epoch, begin, mayHaveGaps });
        const unkept = member.receipts.filter(
          (it) =>
            it.channel === channel &&
            kept.find(({ sequence }) => sequence === it.sequence)?.message?.data !== it.data,
        );
        return [
          ...problems,
          ...unkept.map(({ sequence }) => `${sequence} has a receipt, and is not kept.`),
        ].map((problem) => `member ${index}, ${channel}: ${problem}`);
      }),
    );
  }

  #remember(): void {
    for (const [key, entry] of this.relay.history.entries) {
      this.#entries.set(key, entry);
    }
  }

  #kept(channel: string): Kept[] {
    this.#remember();
    return [...this.#entries]
      .filter(([key]) => key.startsWith(`${channel} `))
      .map(([key, { sequence, message }]) => ({
        epoch: String(key.split(" ")[1]),
        sequence,
        message: message && {
          messageId: message.messageId,
          data: (JSON.parse(message.text) as { readonly data: unknown }).data,
        },
      }))
      .sort((one, other) => one.epoch.localeCompare(other.epoch) || one.sequence - other.sequence);
  }
}

/** Lets a course of events run in virtual time, the same for the same seed, and returns what is wrong at its end. */
export async function problemsOfCourse(seed: number): Promise<readonly string[]> {
  return await new Course(seed).run();
}
