import type { Group } from "../../protocol/frames.ts";
import type { Connection, Membership } from "./connection.ts";

/** The time now, in milliseconds since 1970. */
export type Clock = () => number;

/** Lets time pass, in milliseconds, and resolves afterwards. */
export type Wait = (milliseconds: number) => Promise<void>;

/** As much of a connection as a list of many has. */
export type ListedConnection = Pick<Connection, "connectionId" | "expiresAt">;

/** Everything that a store has of one connection. */
export interface StoredConnection {
  /** Undefined if there is no registration. */
  readonly connection: Connection | undefined;
  readonly memberships: readonly Membership[];
}

/** A page of those who are in a channel; `next` is where the next page begins, undefined on the last one. */
export interface MembersPage {
  readonly members: readonly Membership[];
  readonly next: string | undefined;
}

/**
 * The relay's memory of its connections and of the channels that they are in. Every method rejects when the store cannot
 * be reached, and those that take a `deadline` (milliseconds since 1970) also when they have not ended by then. A store
 * may keep each `expiresAt` in whole seconds: it then ends up to a second early, and never late.
 *
 * The methods that take a connection id see at once what was written; those that take a group or a channel may miss what
 * was written a moment ago, and still have what was removed a moment ago. They also have what has ended.
 */
export interface ConnectionStore {
  /**
   * Registers a connection together with its memberships. A second registration of the same id replaces the first. When
   * it rejects, any part of it may have been written.
   */
  add(connection: Connection, memberships: readonly Membership[]): Promise<void>;

  /** Writes memberships, each in place of an earlier one. When it rejects, any part of them may have been written. */
  join(memberships: readonly Membership[], deadline: number): Promise<void>;

  /**
   * Removes a membership, and returns what it was; undefined if there was none, which is no error, and `unknown` if there
   * is none any more and may have been one.
   */
  leave(
    connectionId: string,
    channel: string,
    deadline: number,
  ): Promise<Membership | "unknown" | undefined>;

  /** The registration of a connection; undefined if there is none. */
  find(connectionId: string, deadline: number): Promise<Connection | undefined>;

  /** The membership of a connection in a channel; undefined if there is none. */
  findMembership(
    connectionId: string,
    channel: string,
    deadline: number,
  ): Promise<Membership | undefined>;

  /** The registration of a connection with all its memberships, in one read. */
  findStored(connectionId: string, deadline: number): Promise<StoredConnection>;

  /**
   * The connections of a group, page by page, by the order of their ids: all of them, or those after the connection id
   * `after`, which need not be in the group any more. A page is asked for when the one before has been taken.
   */
  findAll(
    group: Group,
    deadline: number,
    after?: string,
  ): AsyncIterable<readonly ListedConnection[]>;

  /**
   * At most `limit` of those who are in a channel, by the order of their connection ids: the first ones, or those after the
   * connection id `after`, which need not be in the channel any more.
   */
  findMembers(
    channel: string,
    page: { readonly after: string | undefined; readonly limit: number },
    deadline: number,
  ): Promise<MembersPage>;

  /** The connections in a channel that receive who joins it and who leaves it. */
  findWatchers(channel: string, deadline: number): Promise<readonly ListedConnection[]>;

  /**
   * Counts a message of a connection at the time `now`, and returns the registration; `limited` if there were `limit`
   * messages in this minute of the clock already, and undefined, with nothing counted, if there is no live registration.
   * When it rejects, the message may have been counted.
   */
  countMessage(
    connectionId: string,
    count: { readonly now: number; readonly limit: number },
    deadline: number,
  ): Promise<Connection | "limited" | undefined>;

  /**
   * Removes a connection, its registration before its memberships, and returns those. Removing an unknown one is no
   * error. Without a `deadline` it takes its usual time at most. When it rejects, a part may have been removed: the
   * registration first.
   */
  remove(connectionId: string, deadline?: number): Promise<readonly Membership[]>;
}

/** Where the numbers of a channel's messages stand. */
export interface ChannelPosition {
  /** Names this count of numbers. Another epoch means that they have begun anew. */
  readonly epoch: string;
  /** The last number that was taken, 1 or more. */
  readonly sequence: number;
  /** When it was taken, and when the first number of the epoch was, in milliseconds since 1970. */
  readonly takenAt: number;
  readonly begunAt: number;
}

/** The number of a message, and the epoch that it is of. */
export type Position = Pick<ChannelPosition, "epoch" | "sequence">;

/** A number that was taken for a message. */
export interface TakenNumber extends Position {
  /** When the number before it was taken; undefined if it is the first one. */
  readonly previousAt: number | undefined;
}

/** A message as it is kept: its own id, and its envelope's text. */
export interface KeptMessage {
  readonly messageId: string;
  readonly text: string;
}

/** What is kept at one of a channel's numbers. Times are in milliseconds since 1970. */
export interface HistoryEntry {
  readonly sequence: number;
  /** Absent if the number was closed: no message will ever be there. */
  readonly message?: KeptMessage | undefined;
  /** When the number was taken; for a closed one, a time at which it had certainly not been taken. */
  readonly takenAt: number;
  /** When the number before it was taken, if that is known. */
  readonly previousAt?: number | undefined;
  /** When it is no longer kept. It may be deleted later. */
  readonly expiresAt: number;
}

/** The numbers of one epoch of a channel. */
export interface ChannelEpoch {
  readonly channel: string;
  readonly epoch: string;
}

/** Some entries by their numbers; `isComplete` is false when there may be more after the last of them. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly isComplete: boolean;
}

/**
 * The messages of channels, each under a number of its own. Every method sees at once what was written before. Each rejects
 * when it has not ended by the `deadline` (milliseconds since 1970) or fails: then nobody knows what was written, unless the
 * failure is a `RelayFailure` with the code `HISTORY_THROTTLED`, which says that nothing was. Entries stay for some time after
 * their `expiresAt`.
 */
export interface MessageHistory {
  /**
   * Takes the channel's next number, one above the last or 1. Of several calls at the same time each takes another one.
   * `expiresAt` is when the channel begins a new epoch, unless a further number is taken before.
   */
  takeNumber(
    channel: string,
    time: { readonly takenAt: number; readonly expiresAt: number },
    deadline: number,
  ): Promise<TakenNumber>;

  /**
   * Stores an entry at its number, unless there is one; of several at the same time, one is stored. Returns the message that
   * is there then; undefined if the number is closed.
   */
  store(
    place: ChannelEpoch,
    entry: HistoryEntry,
    deadline: number,
  ): Promise<KeptMessage | undefined>;

  /** Where the channels stand. One whose numbers have not begun is absent. */
  positions(
    channels: readonly string[],
    deadline: number,
  ): Promise<ReadonlyMap<string, ChannelPosition>>;

  /** The first entries with the numbers `from` to `to`, both included, at most `limit`, in their order. */
  read(
    place: ChannelEpoch,
    range: { readonly from: number; readonly to: number; readonly limit: number },
    deadline: number,
  ): Promise<HistoryPage>;
}

/**
 * What became of one text for one connection.
 *
 * - `delivered`: accepted on its way to the client.
 * - `gone`: there is no such connection, or not yet; now and then API Gateway says so of one that is alive.
 * - `tooLarge`: the text is longer than a message may be.
 * - `throttled`: not accepted, because too many came at once or the client does not read. It may be tried again.
 * - `rejected`: API Gateway does not accept the connection id as one of its own.
 */
export type SendOutcome = "delivered" | "gone" | "tooLarge" | "throttled" | "rejected";

/** Whether a connection is there; `throttled` when the question was not answered because too many came at once. */
export type ProbeOutcome = "alive" | "gone" | "throttled";

/** What became of closing a connection; `gone` when it was not there, `throttled` when it may be tried again. */
export type CloseOutcome = "closed" | "gone" | "throttled";

/** The way to a connected client. */
export interface MessageSender {
  /**
   * Sends `text` to one connection as one message, exactly as it is; half a surrogate pair, which no message can hold,
   * becomes U+FFFD. Texts that are sent one after the other arrive in that order. It is tried once. Rejects when nobody
   * knows what became of the text, also when that is not clear by the `deadline` (milliseconds since 1970).
   */
  send(connectionId: string, text: string, deadline: number): Promise<SendOutcome>;

  /**
   * Asks whether a connection is there, and sends nothing to it. It is asked once. Rejects when there is no answer by
   * the `deadline` (milliseconds since 1970), or none that says so.
   */
  probe(connectionId: string, deadline: number): Promise<ProbeOutcome>;

  /**
   * Closes a connection, after what was sent to it before. It is tried once. Rejects when nobody knows what became of it,
   * also when that is not clear by the `deadline` (milliseconds since 1970).
   */
  close(connectionId: string, deadline: number): Promise<CloseOutcome>;
}

/**
 * What a token is worth.
 *
 * - `valid`: `claims` is what it says, by name; `expiresAt` is when it ends, in milliseconds since 1970.
 * - `invalid`: anything else. The reason is deliberately not exposed.
 */
export type TokenOutcome =
  | {
      readonly kind: "valid";
      readonly claims: Readonly<Record<string, unknown>>;
      readonly expiresAt: number;
    }
  | { readonly kind: "invalid" };

/** Checks whether a token was made by the issuer that the relay trusts, for the relay, and is valid now. */
export interface TokenVerifier {
  /** Rejects when the issuer's keys cannot be had, which is not the token's fault. */
  verify(token: string): Promise<TokenOutcome>;
}
