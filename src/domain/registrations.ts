import type { ChannelMembership } from "../../protocol/frames.ts";
import { type Connection, expiresIn, isLive, type Membership } from "./connection.ts";
import type { DeliveryOptions } from "./delivery.ts";
import { type Rejection, rejection } from "./errors.ts";
import type { ChannelPosition, Clock, ConnectionStore, StoredConnection } from "./ports.ts";

/**
 * Why a connection is not found.
 *
 * - `missing`: it has no registration, or one that has ended.
 * - `unreadable`: the store failed.
 */
type NotFound = { readonly kind: "missing" } | { readonly kind: "unreadable" };

/** A live registration. */
interface Live {
  readonly kind: "live";
  readonly connection: Connection;
}

/** What the store has of a connection: its live registration, or why not. */
export type Registration = Live | NotFound;

/** A connection's live membership of a channel; `stranger` if it is registered, but not in the channel. */
export type ChannelRegistration =
  | { readonly kind: "member"; readonly membership: Membership }
  | { readonly kind: "stranger" }
  | NotFound;

/**
 * The live registrations and memberships: one that has ended counts for nothing, even while it is still in the store. No
 * method throws: a failure goes to `onFailure`.
 */
export class Registrations {
  readonly #store: ConnectionStore;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Reads the registration of a connection in one consistent read. */
  async find(connectionId: string, options: DeliveryOptions): Promise<Registration> {
    return await readable(options, async () => {
      const connection = await this.#store.find(connectionId, options.deadline);
      return connection !== undefined && isLive(connection, this.#clock())
        ? { kind: "live", connection }
        : { kind: "missing" };
    });
  }

  /** Reads the registration of a connection and its memberships in one consistent query. */
  async findWithMemberships(
    connectionId: string,
    options: DeliveryOptions,
  ): Promise<(Live & Pick<StoredConnection, "memberships">) | NotFound> {
    return await readable(options, async () => {
      const { connection, memberships } = await this.#store.findStored(
        connectionId,
        options.deadline,
      );
      const now = this.#clock();
      return connection !== undefined && isLive(connection, now)
        ? { kind: "live", connection, memberships: memberships.filter((it) => isLive(it, now)) }
        : { kind: "missing" };
    });
  }

  /**
   * Reads the membership of a connection in a channel in one consistent read. Where there is none, it takes another to see
   * whether the connection is registered, unless that is known already.
   */
  async findInChannel(
    connectionId: string,
    channel: string,
    options: DeliveryOptions,
    known?: Connection,
  ): Promise<ChannelRegistration> {
    return await readable(options, async () => {
      const membership = await this.#store.findMembership(connectionId, channel, options.deadline);
      if (membership !== undefined && isLive(membership, this.#clock())) {
        return { kind: "member", membership };
      }
      if (known !== undefined) {
        return { kind: "stranger" };
      }
      const registration = await this.find(connectionId, options);
      return registration.kind === "live" ? { kind: "stranger" } : registration;
    });
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

/** Why nothing can be done in the name of a connection that was not found. */
export function notFound({ kind }: NotFound): Rejection {
  return kind === "missing"
    ? rejection("NOT_REGISTERED", "sender")
    : rejection("UNAVAILABLE", "registration");
}

async function readable<Found>(
  { onFailure }: DeliveryOptions,
  read: () => Promise<Found>,
): Promise<Found | { readonly kind: "unreadable" }> {
  try {
    return await read();
  } catch (failure) {
    onFailure(failure);
    return { kind: "unreadable" };
  }
}
