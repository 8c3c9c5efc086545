import type { Group } from "../../protocol/frames.ts";
import type { Connection } from "./connection.ts";

/** The time now, in milliseconds since 1970. */
export type Clock = () => number;

/** Lets time pass, in milliseconds, and resolves afterwards. */
export type Wait = (milliseconds: number) => Promise<void>;

/** As much of a connection as a list of many has. */
export type ListedConnection = Pick<Connection, "connectionId" | "expiresAt">;

/**
 * The relay's memory of its connections. Every method rejects when the store cannot be reached, and those that take a
 * `deadline` (milliseconds since 1970) also when they have not ended by then.
 */
export interface ConnectionStore {
  /**
   * Registers a connection. A second registration of the same id replaces the first. A store may keep `expiresAt` in
   * whole seconds: it then ends up to a second early, and never late.
   */
  add(connection: Connection): Promise<void>;

  /** The registration of a connection, as it is now; undefined if there is none. */
  find(connectionId: string, deadline: number): Promise<Connection | undefined>;

  /**
   * The connections of a group, page by page, in no order; a page is asked for when the one before has been taken.
   * One that was registered a moment ago may be missing, and one that was removed a moment ago may still be there.
   */
  findAll(group: Group, deadline: number): AsyncIterable<readonly ListedConnection[]>;

  /** Removes a connection. Removing an unknown one is no error. Without a `deadline` it takes its usual time at most. */
  remove(connectionId: string, deadline?: number): Promise<void>;
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
