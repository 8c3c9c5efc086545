import type { Target } from "../../protocol/frames.ts";
import { MAX_CHANNELS_PER_SUBSCRIBE } from "../../protocol/limits.ts";
import { NAME_RULE, parseName } from "../../protocol/name.ts";
import type {
  MembersRequest,
  SubscribeRequest,
  UnsubscribeRequest,
} from "../../protocol/requests.ts";
import { isConnectionId } from "./connection.ts";
import { type Rejection, rejection } from "./errors.ts";
import { INVALID_ID, isMessageId, membersOf, parseTarget } from "./messages.ts";

/** What a message asks for, or why it cannot be understood. `id` is the sender's own name for it, if it gave a valid one. */
export type Parsed<Request> = { readonly id: string | undefined } & (
  | { readonly kind: "request"; readonly request: Request }
  | { readonly kind: "invalid"; readonly rejection: Rejection }
);

/** Reads an object's members, and returns the request or the sentence about what is invalid. */
type ReadMembers<Name extends string, Request> = (
  members: {
    readonly [Member in Name]?: unknown;
  },
) => Request | Rejection | string;

/** The longest reason that a backend may give for closing connections, in code units. */
const MAX_REASON_LENGTH = 256;

const CHANNEL_RULE = `must be a name: ${NAME_RULE}.`;
const CURSOR_RULE = '"after" must be the "next" of the frame before.';

/** Channels to join, each once. */
export interface Subscription {
  readonly channels: readonly string[];
  readonly token: string | undefined;
  readonly presence: boolean;
}

/** Reads a client's `subscribe`. */
export function parseSubscribe(value: unknown): Parsed<Subscription> {
  return parse<keyof SubscribeRequest, Subscription>(value, "The message", (members) => {
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
  return parse<keyof UnsubscribeRequest, { readonly channel: string }>(
    value,
    "The message",
    ({ channel }) => {
      const name = parseName(channel);
      return name === undefined ? `"channel" ${CHANNEL_RULE}` : { channel: name };
    },
  );
}

/** A page of those who are in a channel: the first, or the one after the connection id `after`. */
export interface MembersQuestion {
  readonly channel: string;
  readonly after: string | undefined;
}

/** Reads a question of a client, or of a backend, for who is in a channel. */
export function parseMembers(value: unknown, what = "The message"): Parsed<MembersQuestion> {
  return parse<keyof MembersRequest, MembersQuestion>(value, what, ({ channel, after }) => {
    const name = parseName(channel);
    if (name === undefined) {
      return `"channel" ${CHANNEL_RULE}`;
    }
    return after === undefined || isConnectionId(after) ? { channel: name, after } : CURSOR_RULE;
  });
}

/** Connections to close, and why. */
export interface Disconnection {
  readonly to: Target;
  readonly reason: string | undefined;
}

/** Reads a backend's `disconnect`. */
export function parseDisconnect(value: unknown): Parsed<Disconnection> {
  return parse<"to" | "reason" | "id", Disconnection>(value, '"disconnect"', ({ to, reason }) => {
    const parsed = parseTarget(to);
    if (parsed.kind === "invalid") {
      return `"to" ${parsed.reason}`;
    }
    return reason === undefined ||
      (typeof reason === "string" && reason.length <= MAX_REASON_LENGTH)
      ? { to: parsed.target, reason }
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
  return parse<"to" | "channel" | "id", Expulsion>(value, '"unsubscribe"', ({ to, channel }) => {
    const parsed = parseTarget(to);
    if (parsed.kind === "invalid") {
      return `"to" ${parsed.reason}`;
    }
    const name = parseName(channel);
    return name === undefined ? `"channel" ${CHANNEL_RULE}` : { to: parsed.target, channel: name };
  });
}

/** Reads what every message has, and the rest by `read`. `what` is the subject of the sentence about anything else. */
function parse<Name extends string, Request extends object>(
  value: unknown,
  what: string,
  read: ReadMembers<Name | "id", Request>,
): Parsed<Request> {
  const members = membersOf<Name | "id">(value);
  const given: unknown = members?.id;
  const id = isMessageId(given) ? given : undefined;
  const found =
    members === undefined
      ? `${what} must be a JSON object.`
      : given !== undefined && id === undefined
        ? INVALID_ID
        : read(members);
  if (typeof found === "string") {
    return { kind: "invalid", id, rejection: { code: "INVALID_MESSAGE", message: found } };
  }
  return "code" in found
    ? { kind: "invalid", id, rejection: found }
    : { kind: "request", id, request: found };
}
