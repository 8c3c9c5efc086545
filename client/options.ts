import { connectUrl, subprotocols } from "./address.ts";
import { type Clock, SYSTEM_CLOCK, type WebSocketLike } from "./platform.ts";
import { listenForWake } from "./wake.ts";

/** Who the client is, and how patient. Times are in milliseconds; docs/client.md has the defaults. */
export interface RelayClientOptions {
  /** A name for all connections of one person or program. */
  readonly user?: string | undefined;
  /** The channel to be in, for the client's whole life. */
  readonly channel?: string | undefined;
  /**
   * A JWT, or a function that gives one; undefined or null sends none. The function is called anew for each connection,
   * and the next connection is made before the token of this one ends.
   */
  readonly token?:
    | string
    | (() => string | null | undefined | PromiseLike<string | null | undefined>)
    | undefined;
  /** How long a message waits for its answer, the time without a connection included. */
  readonly sendTimeout?: number | undefined;
  /** How long an attempt may take until the connection is open, the token function included. */
  readonly connectTimeout?: number | undefined;
  /** How long after one heartbeat's answer the next one asks whether the connection is alive and registered. */
  readonly heartbeatAfter?: number | undefined;
  /** How long the answer to a heartbeat may take. */
  readonly heartbeatTimeout?: number | undefined;
  /** How old a connection grows at most before the next one takes over. */
  readonly rotateAfter?: number | undefined;
  /** How long the old connection stays open, and longer while answers are due on it. */
  readonly rotationOverlap?: number | undefined;
  /** The limit of the first delay before an attempt; it doubles with each failure. */
  readonly baseDelay?: number | undefined;
  /** The limit of every delay. */
  readonly maxDelay?: number | undefined;
  /** How many attempts may fail before the first success until the client gives up. */
  readonly maxAttempts?: number | undefined;
  /** How many messages may wait for a connection. */
  readonly outboxSize?: number | undefined;
  /** How long a message may be as JSON in UTF-8: above 32 KB only for a WebSocket that splits messages into frames. */
  readonly maxMessageBytes?: number | undefined;
  /** Another WebSocket than the platform's, for example the one of the package `ws`. */
  readonly WebSocket?: (new (url: string, protocols: string[]) => WebSocketLike) | undefined;
  readonly clock?: Clock | undefined;
  /** A number from 0 up to 1, drawn for each delay. */
  readonly random?: (() => number) | undefined;
  /** Calls back whenever a connection should be looked after at once; it has an effect once a second at most; returns what stops it. */
  readonly listenForWake?: ((onWake: () => void) => () => void) | undefined;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/**
 * In bytes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const LONGEST_FRAME = 32 * 1024;
const LONGEST_MESSAGE = 128 * 1024;
/** What a timer can wait at most, in milliseconds: a longer one would fire at once. */
const LARGEST_NUMBER = 2 ** 31 - 1;

/** Less would be a storm of connections or messages: 0 does not turn anything off. */
const LEAST: Readonly<Record<string, number>> = {
  heartbeatAfter: 100,
  heartbeatTimeout: 100,
  rotateAfter: 100,
  baseDelay: 10,
  maxDelay: 10,
  maxAttempts: 1,
};

const DEFAULTS = {
  sendTimeout: 30 * SECOND,
  connectTimeout: 30 * SECOND,
  // API Gateway closes a connection after 10 minutes without a message, either way.
  heartbeatAfter: 5 * MINUTE,
  heartbeatTimeout: 10 * SECOND,
  // And any connection after 2 hours.
  rotateAfter: 110 * MINUTE,
  rotationOverlap: 5 * SECOND,
  baseDelay: SECOND,
  maxDelay: 30 * SECOND,
  maxAttempts: 5,
  outboxSize: 100,
  maxMessageBytes: LONGEST_FRAME,
  token: undefined as RelayClientOptions["token"],
  clock: SYSTEM_CLOCK,
  random: Math.random as () => number,
  listenForWake: listenForWake as (onWake: () => void) => () => void,
};

/** The options with their defaults filled in. */
export type Settings = typeof DEFAULTS & {
  readonly url: string;
  readonly WebSocket: new (url: string, protocols: string[]) => WebSocketLike;
};

/** Fills in the defaults. Throws a TypeError or RangeError with one sentence when a value cannot be. */
export function readSettings(
  url: string | URL,
  { user, channel, ...options }: RelayClientOptions,
): Settings {
  const settings: Record<string, unknown> = {
    ...DEFAULTS,
    WebSocket: (globalThis as { WebSocket?: unknown }).WebSocket,
  };
  for (const [name, value] of Object.entries(options)) {
    const usual = settings[name];
    const least = LEAST[name] ?? 0;
    const most = name === "maxMessageBytes" ? LONGEST_MESSAGE : LARGEST_NUMBER;
    if (typeof usual === "number" && value !== undefined) {
      // Written so that NaN and texts fail, too.
      if (!(typeof value === "number" && value >= least && value <= most)) {
        throw new RangeError(`${name} takes a number from ${least} to ${most}.`);
      }
    }
    settings[name] = value ?? usual;
  }
  if (!settings.WebSocket) {
    throw new TypeError("There is no WebSocket here: give one as the option WebSocket.");
  }
  if (typeof settings.token !== "function") {
    // Now, while somebody is there to be told, and not at each attempt.
    subprotocols(settings.token);
  }
  // Last, so that an option of that name changes nothing.
  return { ...settings, url: connectUrl(url, { user, channel }) } as Settings;
}
