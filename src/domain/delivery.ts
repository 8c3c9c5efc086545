import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import type { Clock, ConnectionStore, MessageSender, SendOutcome, Wait } from "./ports.ts";

/** A send's outcome, or `failed` when nobody knows what became of it. */
export type DeliveryOutcome = SendOutcome | "failed";

/** What holds for one attempt to deliver something. */
export interface Terms {
  /** When it must have ended, in milliseconds since 1970, successful or not. */
  readonly until: number;
  /** How often a throttled target is tried at most, the first try included; six times unless it is said. */
  readonly tries?: number;
  /** Takes what went wrong on our side, for the log. */
  readonly onFailure: (failure: unknown) => void;
}

/** How many posts of one message are under way at most at the same time. */
const CONCURRENCY = 50;
/** How often a throttled target is tried, the first try included, if there is time. */
const TRIES = 6;
/** The longest wait before the second tries, in milliseconds; it doubles before all further ones. */
const BACKOFF = 200;
/** Targets that are kept for a second try, and those for a confirmation: their ids take about 1 MB at most. */
const MOST_KEPT = 10_000;
/**
 * How long a connection that API Gateway calls gone keeps its registration, in milliseconds after it was made. API
 * Gateway says the same of a connection whose `$connect` is still completing, and that one will live.
 *
 * @see https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const GONE_GRACE = 30_000;

/** Connection ids; an iterator hands each of them out once. */
type Ids = readonly string[] | IterableIterator<string> | AsyncIterableIterator<string>;

/** Takes texts to connections, and forgets those that turn out to be gone. */
export class Delivery {
  readonly #store: ConnectionStore;
  readonly #sender: MessageSender;
  readonly #clock: Clock;
  readonly #wait: Wait;

  constructor(store: ConnectionStore, sender: MessageSender, clock: Clock, wait: Wait) {
    this.#store = store;
    this.#sender = sender;
    this.#clock = clock;
    this.#wait = wait;
  }

  /**
   * Delivers `text` to one connection, by the time of its terms. Never throws: what went wrong on our side is handed to
   * `onFailure`, and the outcome says what it means for the message.
   */
  async deliver(connectionId: string, text: string, terms: Terms): Promise<DeliveryOutcome> {
    let outcome: DeliveryOutcome = "failed";
    await this.deliverToAll([connectionId], text, terms, (it) => {
      outcome = it;
    });
    return outcome;
  }

  /**
   * Delivers `text` to each of `ids`, and hands the outcome of each to `onOutcome`. Everybody gets a first try before
   * anybody gets a second: who is throttled or called gone costs the others nothing meanwhile. Never throws.
   */
  async deliverToAll(
    ids: Ids,
    text: string,
    terms: Terms,
    onOutcome: (outcome: DeliveryOutcome) => void,
  ): Promise<void> {
    const { until, tries = TRIES } = terms;
    let { throttled, gone } = await this.#tryAll(ids, text, terms, onOutcome);
    for (let tried = 1; ; tried += 1) {
      await sideBySide(gone, async (id) => onOutcome(await this.#confirm(id, terms)));
      // Drawn anew each time, so that invocations that were throttled together do not come back together.
      const wait = Math.random() * BACKOFF * 2 ** (tried - 1);
      if (throttled.length === 0 || tried >= tries || this.#clock() + wait >= until) {
        break;
      }
      await this.#wait(wait);
      const again = this.#whileThereIsTime(throttled, until, onOutcome);
      ({ throttled, gone } = await this.#tryAll(again, text, terms, onOutcome));
    }
    for (const _ of throttled) {
      onOutcome("throttled");
    }
  }

  /** Tries each of `ids` once. What is not decided by that is returned, as far as there is room for it. */
  async #tryAll(
    ids: Ids,
    text: string,
    terms: Terms,
    onOutcome: (outcome: DeliveryOutcome) => void,
  ): Promise<{ readonly throttled: string[]; readonly gone: string[] }> {
    const throttled: string[] = [];
    const gone: string[] = [];
    await sideBySide(ids, async (id) => {
      const outcome = await this.#send(id, text, terms);
      if (outcome === "throttled" && throttled.length < MOST_KEPT) {
        throttled.push(id);
      } else if (outcome === "gone" && gone.length < MOST_KEPT) {
        gone.push(id);
      } else {
        onOutcome(outcome === "gone" ? "failed" : outcome);
      }
    });
    return { throttled, gone };
  }

  async #send(connectionId: string, text: string, terms: Terms): Promise<DeliveryOutcome> {
    try {
      return await this.#sender.send(connectionId, text, terms.until);
    } catch (failure) {
      terms.onFailure(failure);
      return "failed";
    }
  }

  *#whileThereIsTime(
    throttled: readonly string[],
    until: number,
    onOutcome: (outcome: DeliveryOutcome) => void,
  ): Generator<string> {
    for (const id of throttled) {
      if (this.#clock() < until) {
        yield id;
      } else {
        onOutcome("throttled");
      }
    }
  }

  /**
   * What a 410 means. API Gateway also gives it for a connection that is alive, now and then, so nothing is forgotten
   * before it has said so twice.
   *
   * @see https://github.com/aws/aws-sdk-js/issues/3773
   */
  async #confirm(connectionId: string, terms: Terms): Promise<"gone" | "failed"> {
    const registration = await this.#registration(connectionId, terms);
    if (registration === "none" || registration === "young") {
      return "gone";
    }
    if (!(await this.#isGone(connectionId, terms))) {
      return "failed";
    }
    if (registration === "old") {
      await this.#forget(connectionId, terms);
    }
    return "gone";
  }

  async #registration(
    connectionId: string,
    { until, onFailure }: Terms,
  ): Promise<"none" | "young" | "old" | "unknown"> {
    try {
      const connection = await this.#store.find(connectionId, until);
      if (connection === undefined) {
        return "none";
      }
      return this.#clock() - connection.registeredAt < GONE_GRACE ? "young" : "old";
    } catch (failure) {
      onFailure(failure);
      return "unknown";
    }
  }

  async #isGone(connectionId: string, { until, onFailure }: Terms): Promise<boolean> {
    try {
      const outcome = await this.#sender.probe(connectionId, until);
      if (outcome !== "gone") {
        onFailure(new Error(`A post was answered with 410, and then its target was ${outcome}.`));
      }
      return outcome === "gone";
    } catch (failure) {
      onFailure(failure);
      return false;
    }
  }

  async #forget(connectionId: string, { until, onFailure }: Terms): Promise<void> {
    try {
      // Without a condition: no other connection will ever have this id.
      await this.#store.remove(connectionId, until);
    } catch (failure) {
      // The registration ends by itself later; the message's own outcome stands.
      onFailure(failure);
    }
  }
}

/** Does something with each of `ids`, with a limited number of them at the same time. */
async function sideBySide(ids: Ids, act: (id: string) => Promise<void>): Promise<void> {
  const isList = "length" in ids;
  const shared = isList ? ids.values() : ids;
  const actInTurn = async () => {
    for await (const id of shared) {
      await act(id);
    }
  };
  // Most messages have one target, and each further place would cost them time.
  const places = isList ? Math.min(CONCURRENCY, ids.length) : CONCURRENCY;
  await Promise.all(Array.from({ length: places }, actInTurn));
}

/** How many failures of one message are kept. Those of a large channel are mostly the same one, many times. */
const KEPT = 10;

/** What went wrong on our side with one message, for the log: the first few of it. */
export class Failures {
  readonly #kept: unknown[] = [];

  /** Takes note of one. */
  readonly add = (failure: unknown): void => {
    if (this.#kept.length < KEPT) {
      this.#kept.push(failure);
    }
  };

  /** The first ones, oldest first. */
  get first(): readonly unknown[] {
    return this.#kept;
  }
}

/** No code unit takes more bytes in UTF-8. */
const BYTES_FOR_ONE = 3;

/** Whether `text` is longer than a message may be. Asking first spares a post for each target. */
export function isTooLarge(text: string): boolean {
  return (
    text.length * BYTES_FOR_ONE > MAX_MESSAGE_BYTES &&
    new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES
  );
}

/** `time`, in milliseconds since 1970, as ISO 8601 writes it in UTC. */
export function isoTime(time: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: this writes a time that it is given, and asks for none.
  return new Date(time).toISOString();
}
