/**
 * The items of the table. A connection has one for its registration and one for each of its memberships, under its own
 * partition key; the sort key says which. Each index has a key attribute of its own, which only one kind of item has.
 */

import type { Connection, Membership } from "../../domain/connection.ts";
import type { ListedConnection } from "../../domain/ports.ts";
import type { Item } from "../dynamodb/dynamodb-table.ts";
import { inSeconds } from "../dynamodb/lazy-table.ts";

/** The key of an item. */
type Key = Pick<Attributes, "connectionId" | "entry">;

const REGISTRATION = "registration";
/** No name of a channel has this sign in it. */
const MEMBERSHIP = "membership#";

/** The key of a connection's registration. */
export function registrationKey(connectionId: string): Key {
  return { connectionId, entry: REGISTRATION };
}

/** The key of a connection's membership in a channel. */
export function membershipKey(connectionId: string, channel: string): Key {
  return { connectionId, entry: `${MEMBERSHIP}${channel}` };
}

/** The key of the item. */
export function keyOf(item: Item): Key {
  const { connectionId, entry } = attributesOf(item);
  return { connectionId, entry };
}

/** The item of a registration. */
export function registrationItem(connection: Connection): Item {
  const { connectionId, user, expiresAt } = connection;
  return {
    ...connection,
    ...registrationKey(connectionId),
    registeredUser: user,
    expiresAt: inSeconds(expiresAt),
  };
}

/** The item of a membership. */
export function membershipItem({ channel, presence, ...membership }: Membership): Item {
  const { connectionId, expiresAt } = membership;
  return {
    ...membership,
    ...membershipKey(connectionId, channel),
    joinedChannel: channel,
    watchedChannel: presence ? channel : undefined,
    expiresAt: inSeconds(expiresAt),
  };
}

/** Whether an item is a registration's. */
export function isRegistration({ entry }: Item): boolean {
  return entry === REGISTRATION;
}

/** The registration that `registrationItem` has made an item of. */
export function toConnection(item: Item): Connection {
  const { connectionId, user, openChannels, registeredAt, expiresAt } = attributesOf(item);
  return { connectionId, user, openChannels, registeredAt, expiresAt: expiresAt * 1000 };
}

/** The membership that `membershipItem` has made an item of; from an index, without whether it asks for presence. */
export function toMembership(item: Item): Membership {
  const { connectionId, joinedChannel, watchedChannel, user, since, expiresAt } =
    attributesOf(item);
  return {
    connectionId,
    channel: joinedChannel,
    user,
    since,
    expiresAt: expiresAt * 1000,
    presence: watchedChannel !== undefined,
  };
}

/** What every entry of every index has. */
export function toListed(item: Item): ListedConnection {
  const { connectionId, expiresAt } = attributesOf(item);
  return { connectionId, expiresAt: expiresAt * 1000 };
}

/** The attributes of both kinds of items; each kind has its own of them. */
type Attributes = Connection &
  Membership & {
    readonly entry: string;
    readonly joinedChannel: string;
    readonly watchedChannel?: string;
  };

function attributesOf(item: Item): Attributes {
  // Nobody but this store writes to the table, and the SDK cannot know what.
  return item as unknown as Attributes;
}
