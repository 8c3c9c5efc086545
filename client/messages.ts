import type {
  ChannelMembership,
  ClosedFrame,
  ErrorFrame,
  HistoryFrame,
  IdFrame,
  MembersFrame,
  MessageFrame,
  PresenceFrame,
  Member as ProtocolMember,
  ReceiptFrame,
  RelayFrame,
  SubscribedFrame,
  UnsubscribedFrame,
} from "../protocol/frames.ts";
import {
  type HistoryRequest,
  type MembersRequest,
  SEND_MESSAGE_ACTION,
  type SendMessageRequest,
  type SubscribeRequest,
  type UnsubscribeRequest,
} from "../protocol/requests.ts";

/**
 * Who is to receive a message: a connection, every connection of a user, or everyone else in the sender's channel.
 *
 * A text is a connection id, too: that connection then receives the bare data, without an envelope, as wscat shows it.
 */
export type Target =
  | { readonly connection: string; readonly user?: never; readonly channel?: never }
  | { readonly user: string; readonly connection?: never; readonly channel?: never }
  | { readonly channel: string; readonly connection?: never; readonly user?: never }
  | string;

/** A message for this client, with a sender that the relay vouches for. */
export interface RelayMessage {
  readonly from: RelaySender;
  /** The address that the sender used. */
  readonly to: Exclude<Target, string>;
  readonly data: unknown;
  /** API Gateway's id of the message. The client has removed duplicates by it already. */
  readonly messageId: string;
  /** The sender's own id of the message, when it had one. */
  readonly id?: string | undefined;
  /** When the relay sent it, in ISO 8601. */
  readonly sentAt: string;
  /** True when it has more receivers than the relay reaches in one go: it may reach them seconds apart. */
  readonly large?: true | undefined;
  /** Its number among the channel's messages, where the relay keeps them. */
  readonly sequence?: number | undefined;
  /** Names the count to which the number belongs. */
  readonly epoch?: string | undefined;
}

/** A connection, with its user when it has one; or a backend, with its name when it gave one. */
type RelaySender =
  | { readonly connectionId: string; readonly user?: string | undefined; readonly service?: never }
  | { readonly service?: string | undefined; readonly connectionId?: never; readonly user?: never };

/** What became of a message: its targets add up to `delivered + gone + failed`. */
export interface Receipt {
  /** Connections for which API Gateway accepted the message. */
  readonly delivered: number;
  /** Connections that are not there any more. */
  readonly gone: number;
  /** Connections that are not known to have received it. */
  readonly failed: number;
  /** False when the relay's time ran out before it had read all targets, or knew what became of them. */
  readonly complete: boolean;
  /** Targets that are still being delivered to, where there are too many of them for the relay to wait. */
  readonly pending?: number | undefined;
  /** The message's number among the channel's, where the relay keeps them. */
  readonly sequence?: number | undefined;
  /** Names the count to which the number belongs. */
  readonly epoch?: string | undefined;
}

/** A connection in a channel. */
export interface Member {
  readonly connectionId: string;
  readonly user?: string | undefined;
  /** When it joined the channel, in milliseconds since 1970, by the relay's clock. */
  readonly since: number;
  /** How long it stays in the channel from now on, unless it stays longer meanwhile, in seconds. */
  readonly expiresIn: number;
}

/** The members of an object; of a union, those of all its variants. */
type Members<Type> = Type extends unknown ? Exclude<keyof Type, "relay"> : never;

/** What the client makes of each frame's members. A member that the protocol gains must be added here and handled. */
interface HandledMembers {
  message: keyof RelayMessage;
  from: Members<RelaySender>;
  to: Members<RelayMessage["to"]>;
  receipt: "id" | keyof Receipt;
  /** The client knows its own user. */
  id: "id" | "connectionId" | "user" | "expiresIn" | "channels";
  membership: "channel" | "expiresIn" | "sequence" | "epoch";
  error: "id" | "code" | "message" | "requestId" | "sequence" | "epoch";
  subscribed: "id" | "channels";
  unsubscribed: "id" | "channel";
  members: "id" | "channel" | "members" | "next";
  member: keyof Member;
  history: "id" | "channel" | "epoch" | "messages" | "upTo" | "more" | "gap";
  presence: "channel" | "event" | keyof Member;
  closed: "reason";
}

/** Is just `Frame`, and does not compile when a frame has a member that the client does not handle. */
type Handled<_Members extends HandledMembers, Frame> = Frame;

/**
 * A frame of the relay. No other client can forge one, but a relay that is newer than this client may send other kinds,
 * and members with other types.
 */
export type Frame = Handled<
  {
    message: Members<MessageFrame>;
    from: Members<MessageFrame["from"]>;
    to: Members<MessageFrame["to"]>;
    receipt: Members<ReceiptFrame>;
    id: Members<IdFrame>;
    membership: Members<ChannelMembership>;
    error: Members<ErrorFrame>;
    subscribed: Members<SubscribedFrame>;
    unsubscribed: Members<UnsubscribedFrame>;
    members: Members<MembersFrame>;
    member: Members<ProtocolMember>;
    history: Members<HistoryFrame>;
    presence: Members<PresenceFrame>;
    closed: Members<ClosedFrame>;
  },
  RelayFrame
>;

/** Reads a frame of the relay, or returns undefined for any other text. Never throws. */
export function parseFrame(text: string): Frame | undefined {
  try {
    const value: Frame | null = JSON.parse(text);
    return typeof value?.relay === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

type WithoutId<Message> = Message extends unknown ? Omit<Message, "id"> : never;

/** What the client sends, without the id that it gives to each message. */
export type Request = WithoutId<
  SendMessageRequest | SubscribeRequest | UnsubscribeRequest | MembersRequest | HistoryRequest
>;

/** A message to a target, or without one the question "who am I?". */
export function sendMessage(forward?: Target, data?: unknown, options?: MessageOptions): Request {
  return { action: SEND_MESSAGE_ACTION, forward, data, keep: options?.keep };
}

/** What goes with one message. */
export interface SendOptions {
  /** Stops waiting for the answer. A message that is already on its way goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** What goes with a message to a target. */
export interface MessageOptions extends SendOptions {
  /** `false` leaves a message to a channel out of its history: for what is of no use later. */
  readonly keep?: boolean | undefined;
}
