import type { ChannelMembership } from "../../protocol/frames.ts";
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

const UNREADABLE = rejection("UNAVAILABLE", "registration");
const MISSING = rejection("NOT_REGISTERED", "sender");

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

  /**
   * Reads the membership of a connection in a channel in one consistent read. Where there is none, it takes another to see
   * whether the connection is registered, unless it is `known`; then the rejection is `stranger`.
   */
  async findMember(
    { connectionId, registration: known }: MemberInput,
    channel: string,
    stranger: Rejection,
    options: DeliveryOptions,
  ): Promise<Membership | Rejection> {
    const read = () => this.#store.findMembership(connectionId, channel, options.deadline);
    const found = await attempt(options, read, UNREADABLE);
    if (found instanceof Rejection || this.#isLive(found)) {
      return found;
    }
    const registered = known ?? (await this.find(connectionId, options));
    return registered instanceof Rejection ? registered : stranger;
  }

  #isLive<Entry extends Pick<Connection, "expiresAt">>(entry: Entry | undefined): entry is Entry {
    return entry !== undefined && isLive(entry, this.#clock());
  }
}

/** The sender of a message, with its registration where something has found it live already. */
interface MemberInput {
  readonly connectionId: string;
  readonly registration?: Connection | undefined;
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
  return memberships.map((it) => {
    const { channel } = it;
    const position = positions?.get(channel);
    return {
      channel,
      expiresIn: expiresIn(it, now),
      sequence: positions && (position?.sequence ?? 0),
      epoch: position?.epoch,
    };
  });
}
