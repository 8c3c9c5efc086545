import type { Gap, RelayClient, RelayMessage } from "../../../client/index.ts";

/** What the application got of a channel. */
type Got =
  | { readonly kind: "message"; readonly message: RelayMessage }
  | { readonly kind: "gap"; readonly gap: Gap };

/** What a channel's history has at a number; without a message it was closed. */
export interface Kept {
  readonly epoch: string;
  readonly sequence: number;
  readonly message: { readonly messageId: string; readonly data: unknown } | undefined;
}

/** Everything that an application got, by channel, over all its clients. */
export class HistoryLog {
  readonly #got = new Map<string, Got[]>();

  /** The application listens to one more client. `stored` is called after each event, as if it were one write with it. */
  follow(client: RelayClient, stored: () => void): void {
    client.on("message", (message) => {
      if (message.to.channel !== undefined && message.sequence !== undefined) {
        this.of(message.to.channel).push({ kind: "message", message });
        stored();
      }
    });
    client.on("gap", (gap) => {
      this.of(gap.channel).push({ kind: "gap", gap });
      stored();
    });
  }

  of(channel: string): Got[] {
    const got = this.#got.get(channel) ?? [];
    this.#got.set(channel, got);
    return got;
  }
}

/** What an application should have got of a channel. */
interface Expected {
  /** What the history has had, by epoch and number. */
  readonly kept: readonly Kept[];
  /** The epoch in which the channel counts now. */
  readonly epoch: string | undefined;
  /** The number before the first that the application should get; undefined if it begins with the first that it got. */
  readonly begin: number | undefined;
  readonly mayHaveGaps: boolean;
}

/**
 * What is wrong with what an application got of a channel: it must be the channel's sequence from where it began, less closed
 * numbers and second copies, complete up to declared gaps, and nothing twice or out of order.
 */
export function problemsOf(got: readonly Got[], expected: Expected): readonly string[] {
  const check = new Check(got[0], expected);
  for (const it of got) {
    check.take(it);
  }
  return check.end();
}

class Check {
  readonly #problems: string[] = [];
  readonly #expected: Expected;
  readonly #messageIds = new Set<string>();
  #epoch: string | undefined;
  #position: number;

  constructor(first: Got | undefined, expected: Expected) {
    const { kept, epoch, begin } = expected;
    const place = first && placeOf(first);
    this.#expected = expected;
    this.#epoch = place ? place.epoch : epoch;
    this.#position = begin ?? (place?.from ?? (kept.at(-1)?.sequence ?? 0) + 1) - 1;
  }

  take(it: Got): void {
    const { from, epoch } = placeOf(it);
    if (epoch !== this.#epoch) {
      this.#pass(Number.POSITIVE_INFINITY);
      this.#position = 0;
      this.#epoch = epoch;
    }
    if (from <= this.#position) {
      this.#problems.push(`${it.kind} ${from} comes after ${this.#position}.`);
      return;
    }
    this.#pass(from - 1);
    if (it.kind === "gap") {
      this.#takeGap(it.gap);
    } else {
      this.#takeMessage(from, it.message);
    }
  }

  end(): readonly string[] {
    const { epoch } = this.#expected;
    this.#pass(Number.POSITIVE_INFINITY);
    if (epoch !== undefined && this.#epoch !== epoch) {
      this.#problems.push(`Nothing came of the epoch ${epoch}.`);
    }
    return this.#problems;
  }

  #takeGap({ from, to }: Gap): void {
    this.#position = to;
    if (!this.#expected.mayHaveGaps) {
      this.#problems.push(`There is a gap from ${from} to ${to}.`);
    }
  }

  #takeMessage(sequence: number, { messageId, data }: RelayMessage): void {
    this.#position = sequence;
    const entry = this.#expected.kept.find(
      (it) => it.epoch === this.#epoch && it.sequence === sequence,
    );
    if (entry?.message?.messageId !== messageId || entry.message.data !== data) {
      this.#problems.push(`${sequence} is ${String(data)}, and not kept so.`);
    }
    if (this.#messageIds.has(messageId)) {
      this.#problems.push(`${sequence} is a second copy.`);
    }
    this.#messageIds.add(messageId);
  }

  /** The application did not get what is between its position and this number. */
  #pass(to: number): void {
    for (const { epoch, sequence, message } of this.#expected.kept) {
      const isBetween = epoch === this.#epoch && sequence > this.#position && sequence <= to;
      if (isBetween && message && !this.#messageIds.has(message.messageId)) {
        this.#problems.push(`${sequence} of ${epoch} is missing.`);
      }
    }
    this.#position = Math.max(this.#position, to);
  }
}

function placeOf(it: Got): { readonly from: number; readonly epoch: string | undefined } {
  return it.kind === "gap"
    ? it.gap
    : { from: Number(it.message.sequence), epoch: it.message.epoch };
}
