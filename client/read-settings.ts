import { connectUrl } from "./connect-url.ts";
import { listenForWake } from "./listen-for-wake.ts";
import type { RelayClientOptions } from "./relay-client-options.ts";
import { subprotocols } from "./subprotocols.ts";
import { SYSTEM_CLOCK } from "./system-clock.ts";
import type { WebSocketLike } from "./web-socket-like.ts";

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
