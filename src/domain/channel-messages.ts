import type { Target } from "../../protocol/frames.ts";
import { MAX_CHANNELS_PER_SUBSCRIBE } from "../../protocol/limits.ts";
import { NAME_RULE, parseName } from "../../protocol/name.ts";
import type {
  HistoryRequest,
  MembersRequest,
  SubscribeRequest,
  UnsubscribeRequest,
} from "../../protocol/requests.ts";
import { isConnectionId } from "./connection.ts";
import { rejection } from "./errors.ts";
import { type Parsed, parseRequest, parseTarget } from "./messages.ts";

/** The longest reason that a backend may give for closing connections, in code points. */
const MAX_REASON_LENGTH = 256;

const INVALID_CHANNEL = `"channel" must be a name: ${NAME_RULE}.`;
const COUNT_RULE = "must be a whole number, 0 or more.";
const CURSOR_RULE = '"after" must be the "next" of the frame before.';

/** Channels to join, each once. */
export interface Subscription {
  readonly channels: readonly string[];
  readonly token: string | undefined;
  readonly presence: boolean;
}

/** Reads a client's `subscribe`. */
export function parseSubscribe(value: unknown): Parsed<Subscription> {
  return parseRequest<keyof SubscribeRequest, Subscription>(value, "The message", (members) => {
    const { channel, token, presence = false } = members;
    const listed: readonly unknown[] = Array.isArray(channel) ? channel : [channel];
    if (listed.length > MAX_CHANNELS_PER_SUBSCRIBE) {
      return rejection("LIMIT_EXCEEDED", "channelsPerSubscribe");
    }
    const channels = listed.map(parseName).filter((name) => name !== undefined);
    if (listed.length === 0 || channels.length < listed.length) {
      return `"channel" must be a name, or a list of 1 to ${MAX_CHANNELS_PER_SUBSCRIBE} names: ${NAME_RULE}.`;
    }
    if (token !== undefined && typeof token !== "string") {
      return '"token" must be a string.';
    }
    if (typeof presence !== "boolean") {
      return '"presence" must be true or false.';
    }
    return { channels: [...new Set(channels)], token, presence };
  });
}

/** Reads a client's `unsubscribe`. */
export function parseUnsubscribe(value: unknown): Parsed<{ readonly channel: string }> {
  type Name = keyof UnsubscribeRequest;
  return parseRequest<Name, { readonly channel: string }>(value, "The message", (members) => {
    const channel = parseName(members.channel);
    return channel === undefined ? INVALID_CHANNEL : { channel };
  });
}

/** A page of those who are in a channel: the first, or the one after the connection id `after`. */
export interface MembersQuestion {
  readonly channel: string;
  readonly after: string | undefined;
}

/** Reads a question of a client, or of a backend, for who is in a channel. */
export function parseMembers(value: unknown, what = "The message"): Parsed<MembersQuestion> {
  return parseRequest<keyof MembersRequest, MembersQuestion>(value, what, ({ channel, after }) => {
    const name = parseName(channel);
    if (name === undefined) {
      return INVALID_CHANNEL;
    }
    return after === undefined || isConnectionId(after) ? { channel: name, after } : CURSOR_RULE;
  });
}

/** Messages of a channel: those after a number of an epoch (undefined: today's), or the last ones. */
export interface HistoryQuestion {
  readonly channel: string;
  readonly from:
    | { readonly after: number; readonly epoch: string | undefined }
    | { readonly last: number };
}

/** Reads a question of a client, or of a backend, for messages of a channel. */
export function parseHistory(value: unknown, what = "The message"): Parsed<HistoryQuestion> {
  return parseRequest<keyof HistoryRequest, HistoryQuestion>(value, what, (members) => {
    const { channel, after, last, epoch } = members;
    const name = parseName(channel);
    if (name === undefined) {
      return INVALID_CHANNEL;
    }
    if ((after === undefined) === (last === undefined)) {
      return 'Either "after" or "last" is needed, and not both.';
    }
    if (epoch !== undefined && (typeof epoch !== "string" || after === undefined)) {
      return '"epoch" must be that of "after": a string.';
    }
    if (after !== undefined) {
      return isCount(after) ? { channel: name, from: { after, epoch } } : `"after" ${COUNT_RULE}`;
    }
    return isCount(last) ? { channel: name, from: { last } } : `"last" ${COUNT_RULE}`;
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Connections to close, and why. */
export interface Disconnection {
  readonly to: Target;
  readonly reason: string | undefined;
}

/** Reads a backend's `disconnect`. */
export function parseDisconnect(value: unknown): Parsed<Disconnection> {
  type Name = "to" | "reason" | "id";
  return parseRequest<Name, Disconnection>(value, '"disconnect"', ({ to, reason }) => {
    const target = parseTarget(to, "to");
    if (typeof target === "string") {
      return target;
    }
    return reason === undefined ||
      (typeof reason === "string" && [...reason].length <= MAX_REASON_LENGTH)
      ? { to: target, reason }
      : `"reason" must be a string of up to ${MAX_REASON_LENGTH} characters.`;
  });
}

/** Connections that have to leave a channel. */
export interface Expulsion {
  readonly to: Target;
  readonly channel: string;
}

/** Reads a backend's `unsubscribe`. */
export function parseExpulsion(value: unknown): Parsed<Expulsion> {
  type Name = "to" | "channel" | "id";
  return parseRequest<Name, Expulsion>(value, '"unsubscribe"', ({ to, channel }) => {
    const target = parseTarget(to, "to");
    if (typeof target === "string") {
      return target;
    }
    const name = parseName(channel);
    return name === undefined ? INVALID_CHANNEL : { to: target, channel: name };
  });
}
