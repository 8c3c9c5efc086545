import { setImmediate } from "node:timers/promises";
import { RelayFailure } from "../../src/domain/failures.ts";
import type {
  ChannelEpoch,
  ChannelPosition,
  HistoryEntry,
  HistoryPage,
  MessageHistory,
  StoreOutcome,
  TakenNumber,
} from "../../src/domain/ports.ts";

/** What a throttled table makes of every call. */
export function throttling(): RelayFailure {
  return new RelayFailure("HISTORY_THROTTLED", "The history is throttled.");
}

/**
 * A message history that remembers only as long as the test runs. Like a real one it takes its time, and it can be made to fail
 * before or after it has done what it was asked for.
 */
export class InMemoryMessageHistory implements MessageHistory {
  /** By channel. */
  readonly counters = new Map<string, ChannelPosition>();
  /** By channel, epoch and number, with spaces between them. */
  readonly entries = new Map<string, HistoryEntry>();
  /** The calls, in their order, each by its name. */
  readonly calls: string[] = [];
  /** Is called before each call does its work, with its name, and may wait or throw. */
  before: (call: string) => unknown = () => {};
  /** Is called after each call has done its work, with its name, and may wait or throw. */
  after: (call: string) => unknown = () => {};
  readonly #now: () => number;
  #epochs = 0;

  /** @param now the time by which it decides whether a deadline is over */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async takeNumber(
    channel: string,
    { takenAt }: { readonly takenAt: number },
    deadline: number,
  ): Promise<TakenNumber> {
    return await this.#call("take number", deadline, () => {
      const before = this.counters.get(channel);
      if (before === undefined) {
        this.#epochs += 1;
      }
      const epoch = before?.epoch ?? `epoch${this.#epochs}`;
      const sequence = (before?.sequence ?? 0) + 1;
      const begunAt = before?.begunAt ?? takenAt;
      this.counters.set(channel, { epoch, sequence, takenAt, begunAt });
      return { epoch, sequence, previousAt: before?.takenAt };
    });
  }

  async store(place: ChannelEpoch, entry: HistoryEntry, deadline: number): Promise<StoreOutcome> {
    const name = entry.message === undefined ? "close number" : "store message";
    return await this.#call(name, deadline, () => {
      const key = keyOf(place, entry.sequence);
      const there = this.entries.get(key);
      if (there !== undefined) {
        return { kind: "occupied", message: there.message };
      }
      this.entries.set(key, entry);
      return { kind: "stored" };
    });
  }

  async positions(
    channels: readonly string[],
    deadline: number,
  ): Promise<ReadonlyMap<string, ChannelPosition>> {
    return await this.#call("read positions", deadline, () => {
      const asked = [...this.counters].filter(([channel]) => channels.includes(channel));
      return new Map(asked);
    });
  }

  async read(
    place: ChannelEpoch,
    { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
    deadline: number,
  ): Promise<HistoryPage> {
    return await this.#call("read entries", deadline, () => {
      const entries = [...this.entries]
        .filter(([key, { sequence }]) => key === keyOf(place, sequence))
        .map(([, entry]) => entry)
        .filter(({ sequence }) => sequence >= from && sequence <= to)
        .sort((one, other) => one.sequence - other.sequence);
      return { entries: entries.slice(0, limit), isComplete: entries.length <= limit };
    });
  }

  /** Deletes what has expired at the time `now`, as a time to live does. */
  deleteExpired(now: number): void {
    for (const [key, { expiresAt }] of this.entries) {
      if (expiresAt <= now) {
        this.entries.delete(key);
      }
    }
  }

  async #call<Result>(name: string, deadline: number, act: () => Result): Promise<Result> {
    this.calls.push(name);
    await setImmediate();
    if (deadline < this.#now()) {
      throw new Error("There is no time left.");
    }
    await this.before(name);
    const result = act();
    await this.after(name);
    return result;
  }
}

function keyOf({ channel, epoch }: ChannelEpoch, sequence: number): string {
  return `${channel} ${epoch} ${sequence}`;
}
