import type { ChannelMembership } from "../../protocol/frames.ts";
import type { MessageContext } from "./answer.ts";
import { type Connection, expiresIn, isLive, type Membership } from "./connection.ts";
import type { DeliveryOptions } from "./delivery.ts";
import { Rejection, rejection } from "./errors.ts";
import { attempt } from "./failures.ts";
import type { ChannelPosition, Clock, ConnectionStore } from "./ports.ts";

/** A connection that is registered, and its memberships. */
export interface RegisteredConnection {
  readonly connection: Connection;
  readonly memberships: readonly Membership[];
}

/** The store failed. */
export const UNREADABLE = rejection("UNAVAILABLE", "registration");
/** There is no live registration. */
export const MISSING = rejection("NOT_REGISTERED", "sender");

/**
 * The live registrations and memberships: one that has ended counts for nothing, even while it is still in the store. No
 * method throws. The rejection is `NOT_REGISTERED` where there is none, and `UNAVAILABLE` where the store failed, which also
 * goes to `onFailure`.
 */
export class Registrations {
  readonly #store: ConnectionStore;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Reads the registration of a connection in one consistent read. */
  async find(connectionId: string, options: DeliveryOptions): Promise<Connection | Rejection> {
    const read = () => this.#store.find(connectionId, options.deadline);
    const found = await attempt(options, read, UNREADABLE);
    return found instanceof Rejection || this.#isLive(found) ? found : MISSING;
  }

  /** Reads the registration of a connection and its memberships in one consistent query. */
  async findWithMemberships(
    connectionId: string,
    options: DeliveryOptions,
  ): Promise<RegisteredConnection | Rejection> {
    const read = () => this.#store.findStored(connectionId, options.deadline);
    const found = await attempt(options, read, UNREADABLE);
    if (found instanceof Rejection) {
      return found;
    }
    const { connection, memberships } = found;
    return this.#isLive(connection)
      ? { connection, memberships: memberships.filter((it) => this.#isLive(it)) }
      : MISSING;
  }

  /** The registration of a message's sender, which is read unless it is known. */
  async findSender(context: MessageContext): Promise<Connection | Rejection> {
    return context.registration ?? (await this.find(context.connectionId, context));
  }

  /**
   * Reads the membership of a message's sender in a channel in one consistent read. Where there is none, it takes another to
   * see whether the sender is registered, unless that is known; then the rejection is `stranger`.
   */
  async findMember(
    context: MessageContext,
    channel: string,
    stranger: Rejection,
  ): Promise<Membership | Rejection> {
    const { connectionId, deadline } = context;
    const read = () => this.#store.findMembership(connectionId, channel, deadline);
    const found = await attempt(context, read, UNREADABLE);
    if (found instanceof Rejection || this.#isLive(found)) {
      return found;
    }
    const registered = await this.findSender(context);
    return registered instanceof Rejection ? registered : stranger;
  }

  #isLive<Entry extends Pick<Connection, "expiresAt">>(entry: Entry | undefined): entry is Entry {
    return entry !== undefined && isLive(entry, this.#clock());
  }
}

/**
 * A connection's channels as frames list them, with where they stand: `positions` is undefined where history is off or was
 * not asked for.
 */
export function listChannels(
  memberships: readonly Membership[],
  now: number,
  positions: ReadonlyMap<string, ChannelPosition> | undefined,
): readonly Required<ChannelMembership>[] {
  return memberships.map((it) => ({
    channel: it.channel,
    expiresIn: expiresIn(it, now),
    sequence: positions && (positions.get(it.channel)?.sequence ?? 0),
    epoch: positions?.get(it.channel)?.epoch,
  }));
}
