/** What the relay sends to clients. Each member is required, so that a new one must be named wherever a frame is made. */

import type { ErrorCode } from "./errors.ts";

/** Many connections under one name: all of a user, or all in a channel. */
export type Group = { readonly user: string } | { readonly channel: string };

/** Who receives an envelope: one connection, or a group of them. */
export type Target = { readonly connection: string } | Group;

/** A connection as the sender of an envelope, with the user of its registration if it has one. */
export interface ConnectionSender {
  readonly connectionId: string;
  readonly user: string | undefined;
}

/** A backend as the sender of an envelope, with its name if it gave one. */
export interface ServiceSender {
  readonly service: string | undefined;
}

/**
 * The envelope in which `data` reaches its receivers. The relay vouches for `from`. Receivers recognise a message that
 * reaches them twice by its `messageId`; `id` is the sender's own, and `sentAt` is the time in ISO 8601. `large` is true where the message
 * has more targets than one invocation delivers to: it may reach them far apart. `sequence` is its
 * number among the channel's messages, and `epoch` names that count; both are undefined unless it is kept in history.
 */
export interface MessageFrame {
  readonly relay: "message";
  readonly messageId: string;
  readonly from: ConnectionSender | ServiceSender;
  readonly to: Target;
  readonly data: unknown;
  readonly id: string | undefined;
  readonly sentAt: string;
  readonly large: true | undefined;
  readonly sequence: number | undefined;
  readonly epoch: string | undefined;
}

/**
 * Reports to a sender what became of its message `id`. The three counts add up to the targets that were tried: accepted
 * by API Gateway, no longer connected, and not known to be delivered. `complete` is false when not every target could
 * be found and tried. `pending` is how many targets of a large message have no report yet; undefined where everything is
 * reported. `sequence` and `epoch` are the message's own, if it is kept in history.
 */
export interface ReceiptFrame {
  readonly relay: "receipt";
  readonly id: string | undefined;
  readonly delivered: number;
  readonly gone: number;
  readonly failed: number;
  readonly complete: boolean;
  readonly pending: number | undefined;
  readonly sequence: number | undefined;
  readonly epoch: string | undefined;
}

/**
 * Answers "who am I?" in a form that no other client can forge, and proves that the connection is registered; `id` is
 * the sender's own. `expiresIn` is how long the registration, or the connection's membership of a channel, lasts from
 * now on, in whole seconds: clocks differ.
 */
export interface IdFrame {
  readonly relay: "id";
  readonly id: string;
  readonly connectionId: string;
  readonly user: string | undefined;
  readonly expiresIn: number;
  readonly channels: readonly ChannelMembership[];
}

/**
 * A channel that a connection is in, and for how many whole seconds from now on. `sequence` is the last number that a
 * message of the channel has taken, 0 before the first, and `epoch` names that count; `sequence` is undefined where history
 * is off or was not asked for.
 */
export interface ChannelMembership {
  readonly channel: string;
  readonly expiresIn: number;
  readonly sequence: number | undefined;
  readonly epoch: string | undefined;
}

/** Confirms a `subscribe`: the channels that it named, and how long the connection is in each. */
export interface SubscribedFrame {
  readonly relay: "subscribed";
  readonly channels: readonly ChannelMembership[];
  readonly id: string | undefined;
}

/** The connection is not in the channel any more: it has asked for that, or a backend has. */
export interface UnsubscribedFrame {
  readonly relay: "unsubscribed";
  readonly channel: string;
  /** Undefined where the connection did not ask. */
  readonly id: string | undefined;
}

/**
 * A connection in a channel: `since` is when it joined, in milliseconds since 1970; `expiresIn` how long it stays there
 * from now on, in whole seconds.
 */
export interface Member {
  readonly connectionId: string;
  readonly user: string | undefined;
  readonly since: number;
  readonly expiresIn: number;
}

/** A page of those who are in a channel. `next` is the cursor of the next page, undefined on the last one. */
export interface MembersFrame {
  readonly relay: "members";
  readonly channel: string;
  readonly members: readonly Member[];
  readonly next: string | undefined;
  readonly id: string | undefined;
}

/**
 * A connection has joined a channel or left it, for those who asked. Frames may be lost, come twice, or in another order:
 * `left` ends only the membership with its own `since`.
 */
export interface PresenceFrame {
  readonly relay: "presence";
  readonly channel: string;
  readonly event: "joined" | "left";
  readonly connectionId: string;
  readonly user: string | undefined;
  readonly since: number;
  readonly expiresIn: number;
}

/**
 * What a channel's history has after the number that was asked for. Every number up to `upTo` is either among the messages,
 * or will never be one, or is part of a gap: `gap` is true when the messages begin later than they should, because the
 * earlier ones are not kept any more, or because `epoch` is another than the asker's. `more` is true when there is more to
 * ask for, after `upTo`. `epoch` is undefined while the channel has had no message.
 */
export interface HistoryFrame {
  readonly relay: "history";
  readonly channel: string;
  readonly epoch: string | undefined;
  readonly messages: readonly MessageFrame[];
  readonly upTo: number;
  readonly more: boolean;
  readonly gap: boolean;
  readonly id: string | undefined;
}

/** A backend closes the connection; this is the last frame that it receives. */
export interface ClosedFrame {
  readonly relay: "closed";
  readonly reason: string | undefined;
}

/**
 * Reports to a sender why its message reached nobody: `code` for programs, `message` (one sentence) for people, the
 * sender's own `id` if it gave one, and the `requestId` by which the log line is found: API Gateway's, or Lambda's
 * where a backend invoked the function. `sequence` and `epoch` are the message's own, if it is kept in history all the same.
 */
export interface ErrorFrame {
  readonly relay: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly id: string | undefined;
  readonly requestId: string;
  readonly sequence: number | undefined;
  readonly epoch: string | undefined;
}

/** Every frame that the relay sends. On the wire a member that is undefined here is absent. */
export type RelayFrame =
  | MessageFrame
  | ReceiptFrame
  | IdFrame
  | ErrorFrame
  | SubscribedFrame
  | UnsubscribedFrame
  | MembersFrame
  | HistoryFrame
  | PresenceFrame
  | ClosedFrame;

/**
 * Whether a receiver could take `data` for a frame of the relay itself: a JSON object with a member of its own called
 * `relay`, or a text that parses as one. Such data is never forwarded raw, so no client can forge a relay frame.
 */
export function isRelayFrame(data: unknown): boolean {
  return hasRelayMember(typeof data === "string" ? parsed(data) : data);
}

function hasRelayMember(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.hasOwn(value, "relay")
  );
}

function parsed(text: string): unknown {
  // Most texts are not objects, and the error of a failed parse takes longer than the rest of a forward's own work.
  if (!/^\s*\{/.test(text)) {
    return undefined;
  }
  try {
    // JSON.parse rejects a byte order mark, but a receiver's decoder may drop it first.
    return JSON.parse(text.replace(/^\uFEFF+/, ""));
  } catch {
    return undefined;
  }
}
