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
  readonly id?: string;
  /** When the relay sent it, in ISO 8601. */
  readonly sentAt: string;
}

/** A connection, with its user when it has one; or a backend, with its name when it gave one. */
type RelaySender =
  | { readonly connectionId: string; readonly user?: string; readonly service?: never }
  | { readonly service?: string; readonly connectionId?: never; readonly user?: never };

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

/** A frame of the relay. No other client can forge one; what a member holds is still to be checked. */
export interface Frame {
  readonly relay: string;
  readonly [member: string]: unknown;
}

/** Reads a frame of the relay, or returns undefined for any other text. Never throws. */
export function parseFrame(text: string): Frame | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value?.relay === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The last ids that were added, up to a limit: memory must not grow with a client's age. */
export class RecentIds {
  readonly #ids = new Set<unknown>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(id: unknown): boolean {
    return this.#ids.has(id);
  }

  /** Whether the id is new. */
  add(id: unknown): boolean {
    if (this.#ids.has(id)) {
      return false;
    }
    this.#ids.add(id);
    if (this.#ids.size > this.#limit) {
      // A set keeps the order in which its members came: the first is the oldest.
      const [oldest] = this.#ids;
      this.#ids.delete(oldest);
    }
    return true;
  }
}
