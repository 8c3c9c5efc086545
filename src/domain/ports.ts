import type { Group } from "../../protocol/frames.ts";
import type { Connection } from "./connection.ts";

/** The time now, in milliseconds since 1970. */
export type Clock = () => number;

/**
 * The relay's memory of who is connected. Every method rejects when the store cannot be reached, and those that take
 * `until` (milliseconds since 1970) also when they have not ended by then.
 */
export interface ConnectionStore {
  /** Registers a connection. A second registration of the same id replaces the first. */
  add(connection: Connection): Promise<void>;

  /** The registration of a connection, as it is now; undefined if there is none. */
  find(connectionId: string, until: number): Promise<Connection | undefined>;

  /**
   * The connections of a group, page by page, in no order; a page is asked for when the one before has been taken.
   * Someone who was registered a moment ago may be missing, and one who has just been forgotten still be there.
   */
  findAll(
    group: Group,
    until: number,
  ): AsyncIterable<readonly Pick<Connection, "connectionId" | "expiresAt">[]>;

  /** Forgets a connection. Forgetting an unknown one is no error. Without `until` it takes its usual time at most. */
  remove(connectionId: string, until?: number): Promise<void>;
}

/**
 * What became of one text for one connection.
 *
 * - `delivered`: accepted on its way to the client.
 * - `gone`: there is no such connection, or not yet; now and then this is said of one that is alive.
 * - `tooLarge`: the text is longer than a message may be.
 * - `throttled`: not accepted, because too many came at once or the client does not read. It may be tried again.
 * - `rejected`: the connection id is none that API Gateway would have given.
 */
export type SendOutcome = "delivered" | "gone" | "tooLarge" | "throttled" | "rejected";

/** Whether a connection is there; `throttled` when the question was not answered because too many came at once. */
export type ProbeOutcome = "alive" | "gone" | "throttled";

/** The way to a connected client. */
export interface MessageSender {
  /**
   * Sends `text` to one connection as one message, exactly as it is; half a surrogate pair, which no message can hold,
   * becomes U+FFFD. Texts that are sent one after the other arrive in that order. It is tried once. Rejects when nobody
   * knows what became of the text, which is also so when that is not clear by `until` (milliseconds since 1970).
   */
  send(connectionId: string, text: string, until: number): Promise<SendOutcome>;

  /**
   * Asks whether a connection is there, and sends nothing to it. It is asked once. Rejects when there is no answer by
   * `until` (milliseconds since 1970), or none that says so.
   */
  probe(connectionId: string, until: number): Promise<ProbeOutcome>;
}

/** Lets time pass, in milliseconds, and resolves afterwards. */
export type Wait = (milliseconds: number) => Promise<void>;

/** What a valid token says, by name: its claims. */
export interface TokenClaims {
  /** When the token ends, in seconds since 1970. */
  readonly exp: number;
  readonly [name: string]: unknown;
}

/** Whoever can tell whether a token was made by the issuer that the relay trusts, for the relay, and is valid now. */
export interface TokenVerifier {
  /**
   * Resolves with the token's claims, or with undefined for anything but a valid token: what is wrong with
   * it is nobody's business. Rejects when the issuer's keys cannot be had, which is no fault of the token's.
   */
  verify(token: string): Promise<TokenClaims | undefined>;
}
