import type { Route } from "../template/web-socket-api.ts";

/** How much a bucket lets through. */
interface BucketLimits {
  /** Tokens a second. */
  readonly rate: number;
  /** Tokens that the full bucket holds. */
  readonly burst: number;
}

/**
 * A bucket of tokens, full at first, one of which every request takes; it fills again as time goes by.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
 */
export class TokenBucket {
  readonly #limits: BucketLimits;
  readonly #clock: () => number;
  #tokens: number;
  #filledAt: number;

  /** @param clock in milliseconds; only differences count */
  constructor(limits: BucketLimits, clock: () => number) {
    this.#limits = limits;
    this.#clock = clock;
    this.#tokens = limits.burst;
    this.#filledAt = clock();
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    const { rate, burst } = this.#limits;
    const now = this.#clock();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * rate);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}

/**
 * The limits that a stage sets for its routes: a bucket for each route, which all clients share. A route without limits
 * accepts everything, for the account's own are not enforced here. `$disconnect` cannot be rejected.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
 */
export class RouteThrottles {
  readonly #buckets: ReadonlyMap<string, TokenBucket>;

  /** @param clock in milliseconds; only differences count */
  constructor(routes: Iterable<Route>, clock: () => number) {
    this.#buckets = new Map(
      [...routes].flatMap(({ routeKey, throttle }) =>
        throttle ? [[routeKey, new TokenBucket(throttle, clock)] as const] : [],
      ),
    );
  }

  /** Takes a token for one more request for the route; `problem` is the limit that rejects it, for the console. */
  take({ routeKey, throttle }: Route): Throttled {
    if (!throttle || this.#buckets.get(routeKey)?.take() !== false) {
      return { ok: true };
    }
    const { rate, burst, setBy } = throttle;
    const problem = `${routeKey} is throttled at ${inWords(rate)} a second, burst ${inWords(burst)} (${setBy})`;
    return { ok: false, problem };
  }
}

/** Whether a request is within the limits of its route. */
type Throttled = { readonly ok: true } | { readonly ok: false; readonly problem: string };

function inWords(limit: number): string {
  return limit.toLocaleString("en", { maximumFractionDigits: 6 });
}

/** More rejected messages than this within the window, in milliseconds, end a connection: our own choice. */
const MAX_REJECTIONS = 100;
const WINDOW = 10_000;

/**
 * Remembers the messages that were rejected as too many, for each connection as long as it is used. AWS documents that a
 * client which sends too much is closed with 1008, but not when: here it is the 101st rejection within 10 seconds.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
export class RejectedMessages {
  readonly #clock: () => number;
  readonly #rejectedAt = new WeakMap<object, number[]>();

  /** @param clock in milliseconds; only differences count */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Counts one more rejected message of a connection; true when there are too many now. */
  add(connection: object): boolean {
    const now = this.#clock();
    const recent = this.#rejectedAt.get(connection)?.filter((time) => now - time < WINDOW) ?? [];
    recent.push(now);
    this.#rejectedAt.set(connection, recent);
    return recent.length > MAX_REJECTIONS;
  }
}
