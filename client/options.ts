import { MAX_FRAME_BYTES, MAX_MESSAGE_BYTES } from "../protocol/limits.ts";
import { NAME_RULE, parseName } from "../protocol/name.ts";
import { invalidOption } from "./errors.ts";
import { type Address, readUrl, subprotocols } from "./handshake.ts";
import { LARGEST_NUMBER, MINUTE, SECOND } from "./numbers.ts";
import { type Clock, reconnectTriggers, SYSTEM_CLOCK, type WebSocketClass } from "./platform.ts";

/** Who the client is, and how it connects and sends. Times are in milliseconds; docs/client.md has the defaults. */
export interface RelayClientOptions {
  /** A name for all connections of one person or program. */
  readonly user?: string | undefined;
  /** A channel to be in from the beginning. */
  readonly channel?: string | undefined;
  /** More channels to be in from the beginning. `subscribe` joins others later. */
  readonly channels?: readonly string[] | undefined;
  /**
   * A JWT, or a function that gives one; undefined or null sends none. The function is called anew for each connection,
   * and the next connection is made before the token of this one ends.
   */
  readonly token?:
    | string
    | null
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
  /** How long the old connection then stays open, and longer while it still waits for answers. */
  readonly drainTime?: number | undefined;
  /** The limit of the first delay before an attempt; it doubles with each failure. */
  readonly baseDelay?: number | undefined;
  /** The limit of every delay. */
  readonly maxDelay?: number | undefined;
  /** After how many failed attempts a client that was never open gives up. */
  readonly maxAttempts?: number | undefined;
  /**
   * Whether each message to a channel arrives once and in order, one's own included, or the application gets a `gap`: the
   * relay's operator must have switched history on.
   */
  readonly history?: boolean | undefined;
  /** With history: how many messages to begin with, of those before the client joins a channel without a position. */
  readonly last?: number | undefined;
  /** With history: how many messages of a channel the client catches up with at most. */
  readonly maxCatchUp?: number | undefined;
  /** With history: where an earlier client was in its channels, from its `positions()`. */
  readonly positions?: Positions | null | undefined;
  /** How many messages may wait for a connection. */
  readonly outboxSize?: number | undefined;
  /** How long a message may be as JSON in UTF-8: above 32 KB only for a WebSocket that splits messages into frames. */
  readonly maxMessageBytes?: number | undefined;
  /** Another WebSocket than the platform's, for example the one of the package `ws`. */
  readonly WebSocket?: WebSocketClass | undefined;
  readonly clock?: Clock | undefined;
  /** A number from 0 up to 1, drawn for each delay. */
  readonly random?: (() => number) | undefined;
  /**
   * Calls back whenever the connection should be checked at once; it has an effect once a second at most. Returns the
   * function that stops it.
   */
  readonly reconnectTriggers?: ((onTrigger: () => void) => () => void) | undefined;
}

/** The last message of a channel that the application got, and the ids of the last ones. It may be written as JSON. */
export interface ChannelPosition {
  readonly sequence: number;
  readonly epoch?: string | undefined;
  readonly messageIds: readonly string[];
}

/** Where a client is, by the name of the channel. */
export type Positions = Readonly<Record<string, ChannelPosition>>;

/** How a client is in a channel. */
export interface SubscribeOptions {
  /** Whether to receive who comes to the channel and who goes: the relay's operator must have allowed that. */
  readonly presence?: boolean | undefined;
  /**
   * A JWT that opens the channel, where the client's own does not; or a function that gives one, which is called whenever
   * the channel is joined, and before the token ends. The client is in the channel as long as the token is valid.
   */
  readonly token?:
    | string
    | null
    | ((channel: string) => string | null | undefined | PromiseLike<string | null | undefined>)
    | undefined;
}

type Option = readonly [byDefault?: unknown, least?: number, most?: number];

/**
 * The default of each option; for a number also the least and the greatest value. Less would be a storm of connections or
 * messages: 0 does not disable anything.
 */
const OPTIONS = {
  user: [] as [byDefault?: string],
  channel: [] as [byDefault?: string],
  channels: [[] as readonly string[]],
  token: [] as [byDefault?: RelayClientOptions["token"]],
  sendTimeout: [30 * SECOND],
  connectTimeout: [30 * SECOND],
  // API Gateway closes a connection after 10 minutes without a message, either way.
  heartbeatAfter: [5 * MINUTE, 100],
  heartbeatTimeout: [10 * SECOND, 100],
  // And any connection after 2 hours.
  rotateAfter: [110 * MINUTE, 100],
  drainTime: [5 * SECOND],
  baseDelay: [SECOND, 10],
  maxDelay: [30 * SECOND, 10],
  maxAttempts: [5, 1],
  history: [false as boolean],
  last: [0],
  maxCatchUp: [1000, 1],
  positions: [{} as Positions | null],
  outboxSize: [100],
  maxMessageBytes: [MAX_FRAME_BYTES, 0, MAX_MESSAGE_BYTES],
  // The platform's is looked up for each client, so that a page may replace it.
  get WebSocket(): [WebSocketClass] {
    return [(globalThis as unknown as { readonly WebSocket: WebSocketClass }).WebSocket];
  },
  clock: [SYSTEM_CLOCK],
  random: [Math.random as () => number],
  reconnectTriggers: [reconnectTriggers as (onTrigger: () => void) => () => void],
} satisfies Record<keyof RelayClientOptions, Option>;

const SUBSCRIBE_OPTIONS = {
  presence: [false],
  token: [],
} satisfies Record<keyof SubscribeOptions, Option>;

/** The options with their defaults filled in. */
export type Settings = {
  readonly [Name in keyof typeof OPTIONS]: (typeof OPTIONS)[Name][0];
} & { readonly url: Address };

/** Fills in the defaults. Throws a RelayError for an invalid URL, and for an invalid or unknown option. */
export function readSettings(url: string | URL, options: RelayClientOptions): Settings {
  const settings = readOptions(options, OPTIONS) as Settings;
  const address = readUrl(url, settings.user);
  const named = [settings.channel ?? [], settings.channels].flat();
  return { ...settings, url: address, channels: named[0] ? named : address.channels };
}

/** How a client is in a channel. */
export interface Subscription {
  readonly channel: string;
  readonly presence: boolean;
  readonly token: SubscribeOptions["token"];
}

/** Fills in the defaults. Throws a RelayError for an invalid name, and for an invalid or unknown option. */
export function readSubscription(name: string, options: SubscribeOptions = {}): Subscription {
  const channel = parseName(name);
  if (!channel) {
    throw invalidOption("channel", `must be ${NAME_RULE}`);
  }
  return { ...readOptions(options, SUBSCRIBE_OPTIONS), channel } as Subscription;
}

function readOptions(options: object, known: Readonly<Record<string, Option>>): object {
  const values: Record<string, unknown> = { ...options };
  for (const option of Object.keys(values)) {
    if (!Object.hasOwn(known, option)) {
      throw invalidOption(option, "is not an option");
    }
  }
  for (const [option, [byDefault, least = 0, most = LARGEST_NUMBER]] of Object.entries(known)) {
    const { [option]: value = byDefault } = values;
    const rule = brokenRule(option, value, typeof (byDefault ?? readOptions), least, most);
    if (rule) {
      throw invalidOption(option, `must be ${rule}`);
    }
    values[option] = value;
  }
  return values;
}

/** What the option must be, if the value is not valid. */
function brokenRule(
  option: string,
  value: unknown,
  type: string,
  least: number,
  most: number,
): string | false {
  if (/^(user|channels?)$/.test(option)) {
    return value !== undefined && ![value].flat().every(parseName) && NAME_RULE;
  }
  if (option === "token") {
    return typeof value !== "function" && !subprotocols(value) && "a JWT";
  }
  if (type === "number") {
    // Written so that NaN fails, too.
    const isValid = typeof value === "number" && value >= least && value <= most;
    return !isValid && `a number from ${least} to ${most}`;
  }
  if (option === "clock") {
    return typeof (value as Partial<Clock> | null)?.now !== "function" && "a Clock";
  }
  return typeof value !== type && `${type === "object" ? "an" : "a"} ${type}`;
}
