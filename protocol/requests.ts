/** What a client offers and sends. The relay's answers are in frames.ts. */

/** The relay's subprotocol. A client that offers it gets it selected. */
export const SUBPROTOCOL = "relay.v1";
/** Browsers cannot set headers: they offer their token as one more subprotocol, which begins with this. */
export const TOKEN_SUBPROTOCOL_PREFIX = "bearer.";

/** The `action` of a `SendMessageRequest`, which is also the key of its route. */
export const SEND_MESSAGE_ACTION = "sendMessageRoute";

/**
 * Sends `data` to a target, or asks "who am I?" when there is no `forward`. An absent member is undefined here. What
 * arrives at the relay may be anything: it checks every member.
 */
export interface SendMessageRequest {
  readonly action: typeof SEND_MESSAGE_ACTION;
  /** A connection id, which then receives the bare `data`; or a `Target`, which receives it in an envelope. */
  readonly forward: unknown;
  /** Any JSON value. */
  readonly data: unknown;
  /** The sender's own id for the message, 1 to 128 code points: the answer repeats it. */
  readonly id: string | undefined;
  /** `false` keeps a message to a channel out of its history. */
  readonly keep?: boolean | undefined;
  /** `true` asks for the channels' positions together with "who am I?". */
  readonly positions?: boolean;
}

/** The `action` of a `SubscribeRequest`, and the key of its route. */
export const SUBSCRIBE_ACTION = "subscribe";
/** The `action` of an `UnsubscribeRequest`, and the key of its route. */
export const UNSUBSCRIBE_ACTION = "unsubscribe";
/** The `action` of a `MembersRequest`, and the key of its route. */
export const MEMBERS_ACTION = "members";

/** The `action` of a `HistoryRequest`, and the key of its route. */
export const HISTORY_ACTION = "history";

/** Joins channels: all of them or none. */
export interface SubscribeRequest {
  readonly action: typeof SUBSCRIBE_ACTION;
  /** A name, or a list of up to 24 of them. */
  readonly channel: unknown;
  /** A further token, which opens the channels and ends their memberships. */
  readonly token: string | undefined;
  /** Whether to receive who comes to the channels and who goes. */
  readonly presence: boolean | undefined;
  readonly id: string | undefined;
}

/** Leaves a channel. */
export interface UnsubscribeRequest {
  readonly action: typeof UNSUBSCRIBE_ACTION;
  readonly channel: unknown;
  readonly id: string | undefined;
}

/** Asks who is in a channel. */
export interface MembersRequest {
  readonly action: typeof MEMBERS_ACTION;
  readonly channel: unknown;
  /** The `next` of the frame before; undefined for the first page. */
  readonly after: string | undefined;
  readonly id: string | undefined;
}

/** Asks for messages of a channel: those after a number, or the last ones. */
export interface HistoryRequest {
  readonly action: typeof HISTORY_ACTION;
  readonly channel: unknown;
  /** The last number that the asker has. */
  readonly after: number | undefined;
  /** The epoch of `after`; undefined means today's. */
  readonly epoch: string | undefined;
  /** How many of the last numbers, in place of `after`. */
  readonly last: number | undefined;
  readonly id: string | undefined;
}
