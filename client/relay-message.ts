import type { Target } from "./target.ts";

/** A message for this client, with a sender that the relay vouches for. */
export interface RelayMessage {
  readonly from: RelaySender;
  /** The address that the sender used. */
  readonly to: Exclude<Target, string>;
  readonly data: unknown;
  /** API Gateway's id of the message. The client has removed duplicates by it already. */
  readonly messageId: string;
  /** The sender's own id of the message, when it had one. */
  readonly id?: string;
  /** When the relay sent it, in ISO 8601. */
  readonly sentAt: string;
}

/** A connection, with its user when it has one; or a backend, with its name when it gave one. */
type RelaySender =
  | { readonly connectionId: string; readonly user?: string; readonly service?: never }
  | { readonly service?: string; readonly connectionId?: never; readonly user?: never };
