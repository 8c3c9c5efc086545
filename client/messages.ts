import type { ErrorFrame, IdFrame, MessageFrame, ReceiptFrame } from "../protocol/frames.ts";
import { SEND_MESSAGE_ACTION, type SendMessageRequest } from "../protocol/requests.ts";

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
  /** False when the relay's time ran out before it had read all targets. */
  readonly complete: boolean;
}

/** The members of an object; of a union, those of all its variants. */
type Members<Type> = Type extends unknown ? Exclude<keyof Type, "relay"> : never;

/** What the client makes of each frame's members. A member that the protocol gains must be added here and handled. */
interface HandledMembers {
  message: keyof RelayMessage;
  from: Members<RelaySender>;
  to: Members<RelayMessage["to"]>;
  receipt: "id" | keyof Receipt;
  /** The client knows its own user and channel, and of a registration only when it ends. */
  id: "id" | "connectionId" | "user" | "expiresIn" | "channels";
  error: "id" | "code" | "message" | "requestId";
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
    error: Members<ErrorFrame>;
  },
  MessageFrame | ReceiptFrame | IdFrame | ErrorFrame
>;

/** Reads a frame of the relay, or returns undefined for any other text. Never throws. */
export function parseFrame(text: string): Frame | undefined {
  let value: Frame | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value?.relay === "string" ? value : undefined;
}

/** Writes a message to the relay: to a target, or without one the question "who am I?". Throws as JSON.stringify does. */
export function writeRequest(id: string, forward?: Target, data?: unknown): string {
  const request: SendMessageRequest = { action: SEND_MESSAGE_ACTION, forward, data, id };
  return JSON.stringify(request);
}
