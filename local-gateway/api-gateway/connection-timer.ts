import type { Closable } from "./closable.ts";
import type { DisconnectCause } from "./disconnect-cause.ts";

/** What a connection timer goes by, in seconds. */
export interface TimerLimits {
  readonly idleTimeout: number;
  readonly connectionDuration: number;
}

/**
 * Closes a connection that had no traffic for a time, or that has been open for too long. Messages and posts are
 * traffic, pings are not. Traffic only notes its time: the timer looks, when it ends, how long it has to go on.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
export class ConnectionTimer {
  readonly #connection: Closable;
  readonly #limits: TimerLimits;
  /** Of the monotonic clock, in milliseconds, as all times here. */
  readonly #startedAt = performance.now();
  #touchedAt = this.#startedAt;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Closable, limits: TimerLimits) {
    this.#connection = connection;
    this.#limits = limits;
    this.#wait(Math.min(limits.idleTimeout, limits.connectionDuration) * 1000);
  }

  /** Tells of traffic. */
  touch(): void {
    this.#touchedAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    const now = performance.now();
    const { idleTimeout, connectionDuration } = this.#limits;
    const idleRest = this.#touchedAt + idleTimeout * 1000 - now;
    const rest = this.#startedAt + connectionDuration * 1000 - now;
    if (idleRest <= 0) {
      const rule = "API Gateway closes after 10 idle minutes";
      this.#connection.close(goingAway(`no traffic for ${seconds(idleTimeout)}; ${rule}`));
    } else if (rest <= 0) {
      const rule = "API Gateway closes every connection after 2 hours";
      this.#connection.close(goingAway(`open for ${seconds(connectionDuration)}; ${rule}`));
    } else {
      this.#wait(Math.min(idleRest, rest));
    }
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(ConnectionTimer.#end, milliseconds, this);
  }

  /** Static, so that all timers share one function: there may be very many of them. */
  static #end(timer: ConnectionTimer): void {
    timer.#check();
  }
}

function seconds(count: number): string {
  return `${count.toLocaleString("en")} s`;
}

function goingAway(explanation: string): DisconnectCause {
  return { code: 1001, reason: "Going away", explanation };
}
