/** How much a bucket lets through. */
export interface BucketLimits {
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
