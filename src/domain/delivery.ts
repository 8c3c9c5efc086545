import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { attempt, RelayFailure } from "./failures.ts";
import { bytesOf } from "./messages.ts";
import type {
  Clock,
  ConnectionStore,
  MessageSender,
  SendOutcome,
  StoredConnection,
  Wait,
} from "./ports.ts";

/** A send's outcome, or `failed` when nobody knows what became of it. */
export type DeliveryOutcome = SendOutcome | "failed";

/** What holds for one attempt to deliver something. */
export interface DeliveryOptions {
  /** When it must have ended, in milliseconds since 1970, successful or not. */
  readonly deadline: number;
  /** How often a throttled target is tried at most, the first try included; the default is 6. */
  readonly tries?: number;
  /** Receives what went wrong on our side, for the log. */
  readonly onFailure: (failure: unknown) => void;
}

/** How many posts of one message are under way at most at the same time. */
const CONCURRENCY = 50;
/** How often a throttled target is tried, the first try included, if there is time. */
const TRIES = 6;
/** The longest wait before the second tries, in milliseconds; it doubles before all further ones. */
const BACKOFF = 200;
/**
 * How long a connection that API Gateway calls gone keeps its registration, in milliseconds after it was made. API
 * Gateway says the same of a connection whose `$connect` is still completing, and that one will live.
 *
 * @see https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const GONE_GRACE = 30_000;

/** Removes a connection that is gone, with all that there is of it. It may reject. */
type Remove = (connectionId: string, options: DeliveryOptions) => Promise<unknown>;

/** What deliveries are made with. */
export interface DeliveryPorts {
  readonly store: ConnectionStore;
  readonly sender: MessageSender;
  readonly clock: Clock;
  readonly wait: Wait;
}

/** Connection ids; an iterator hands each of them out once. */
type Ids = readonly string[] | IterableIterator<string> | AsyncIterableIterator<string>;

/** Takes texts to connections, and forgets those that turn out to be gone. */
export class Delivery {
  readonly #ports: DeliveryPorts;
  readonly #removeGone: Remove;

  /** `removeGone` removes those that turn out to be gone; by default nobody is notified of that. */
  constructor(
    ports: DeliveryPorts,
    removeGone: Remove = (id, { deadline }) => ports.store.remove(id, deadline),
  ) {
    this.#ports = ports;
    this.#removeGone = removeGone;
  }

  /**
   * Delivers `text` to one connection. Never throws: what went wrong on our side goes to `onFailure`, and the outcome
   * says what it means for the message.
   */
  async deliver(
    connectionId: string,
    text: string,
    options: DeliveryOptions,
  ): Promise<DeliveryOutcome> {
    let outcome: DeliveryOutcome = "failed";
    await this.deliverToAll([connectionId], text, options, (it) => {
      outcome = it;
    });
    return outcome;
  }

  /**
   * Delivers `text` to each of `ids`, and hands the outcome of each to `onOutcome`. Everybody gets a first try before
   * anybody gets a second: a throttled or gone connection costs the others nothing meanwhile. Never throws.
   */
  async deliverToAll(
    ids: Ids,
    text: string,
    options: DeliveryOptions,
    onOutcome: (outcome: DeliveryOutcome) => void,
  ): Promise<void> {
    const { deadline, tries = TRIES } = options;
    let { throttled, gone } = await this.#tryAll(ids, text, options, onOutcome);
    for (let tried = 1; ; tried += 1) {
      await forEachConcurrently(gone, async (id) => onOutcome(await this.#confirm(id, options)));
      // Drawn anew each time, so that invocations that were throttled together do not come back together.
      const wait = Math.random() * BACKOFF * 2 ** (tried - 1);
      if (throttled.length === 0 || tried >= tries || this.#ports.clock() + wait >= deadline) {
        break;
      }
      await this.#ports.wait(wait);
      const again = this.#beforeDeadline(throttled, deadline, onOutcome);
      ({ throttled, gone } = await this.#tryAll(again, text, options, onOutcome));
    }
    for (const _ of throttled) {
      onOutcome("throttled");
    }
  }

  /** Tries each of `ids` once. Returns those that this does not decide. */
  async #tryAll(
    ids: Ids,
    text: string,
    options: DeliveryOptions,
    onOutcome: (outcome: DeliveryOutcome) => void,
  ): Promise<{ readonly throttled: string[]; readonly gone: string[] }> {
    const throttled: string[] = [];
    const gone: string[] = [];
    await forEachConcurrently(ids, async (id) => {
      const send = () => this.#ports.sender.send(id, text, options.deadline);
      const outcome = await attempt(options, send, "failed" as const);
      if (outcome === "throttled") {
        throttled.push(id);
      } else if (outcome === "gone") {
        gone.push(id);
      } else {
        onOutcome(outcome);
      }
    });
    return { throttled, gone };
  }

  *#beforeDeadline(
    throttled: readonly string[],
    deadline: number,
    onOutcome: (outcome: DeliveryOutcome) => void,
  ): Generator<string> {
    for (const id of throttled) {
      if (this.#ports.clock() < deadline) {
        yield id;
      } else {
        onOutcome("throttled");
      }
    }
  }

  /**
   * What a 410 means. API Gateway also gives it for a connection that is alive, now and then, so nothing is removed
   * before it has said so twice.
   *
   * @see https://github.com/aws/aws-sdk-js/issues/3773
   */
  async #confirm(connectionId: string, options: DeliveryOptions): Promise<"gone" | "failed"> {
    const { store, sender, clock } = this.#ports;
    const find = () => store.findStored(connectionId, options.deadline);
    const stored = await attempt(options, find, undefined);
    if (stored !== undefined && clock() - beginOf(stored) < GONE_GRACE) {
      return "gone";
    }
    const probe = () => sender.probe(connectionId, options.deadline);
    const probed = await attempt(options, probe, "unknown" as const);
    if (probed === "gone") {
      if (stored !== undefined) {
        // Without a condition: no other connection will ever have this id. If it fails, the registration ends by itself later.
        await attempt(options, () => this.#removeGone(connectionId, options), undefined);
      }
      return "gone";
    }
    if (probed !== "unknown") {
      const message = `A post was answered with 410, and then its target was ${probed}.`;
      options.onFailure(new RelayFailure("NOT_GONE", message));
    }
    return "failed";
  }
}

/** When the relay registered a connection; `Infinity` if the store has nothing of it. */
function beginOf({ connection, memberships }: StoredConnection): number {
  // A membership may have lost its registration, by a removal that did not come to its end.
  return connection?.registeredAt ?? Math.min(...memberships.map(({ since }) => since));
}

/** Does something with each of `ids`, with a limited number of them at the same time. */
export async function forEachConcurrently(
  ids: Ids,
  act: (id: string) => Promise<void>,
): Promise<void> {
  const isList = "length" in ids;
  const shared = isList ? ids.values() : ids;
  const worker = async () => {
    for await (const id of shared) {
      await act(id);
    }
  };
  // Most messages have one target, and each further worker would cost them time.
  const workers = isList ? Math.min(CONCURRENCY, ids.length) : CONCURRENCY;
  await Promise.all(Array.from({ length: workers }, worker));
}

/** No code unit takes more bytes in UTF-8. */
const BYTES_PER_UNIT = 3;

/** Whether `text` is longer than a message may be, in bytes. Asking first spares a post for each target. */
export function isTooLarge(text: string, most = MAX_MESSAGE_BYTES): boolean {
  return text.length * BYTES_PER_UNIT > most && bytesOf(text) > most;
}
