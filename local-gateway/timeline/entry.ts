import type { ConnectedClient } from "../observation.ts";

/**
 * What an entry of the timeline is about.
 *
 * - `frame in`, `frame out`: a message of a client; an answer or an error frame for it.
 * - `opened`, `rejected`, `closed`: a connection.
 * - `event`, `result`: a function begins with an event; it ends.
 * - `post`: a call of the management API, whatever its method.
 * - `database`: a call of DynamoDB.
 * - `log`: what a function has written.
 * - `fault`: a fault was injected.
 * - `error`: the gateway itself failed.
 */
export type EntryKind =
  | "frame in"
  | "frame out"
  | "opened"
  | "rejected"
  | "closed"
  | "event"
  | "result"
  | "post"
  | "database"
  | "log"
  | "fault"
  | "error";

/** A connection that is open. */
export interface OpenConnection extends ConnectedClient {
  readonly connectionId: string;
  /** In milliseconds since 1970. */
  readonly connectedAt: number;
}

/** The part of an entry that holds nothing of a message, a query string, a header or a log line. */
export interface EntrySummary {
  /** Counts from 1. */
  readonly id: number;
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly kind: EntryKind;
  /** Of a post, the connection that is posted to. */
  readonly connectionId?: string | undefined;
  /** What belongs together: API Gateway's id of a message or an upgrade, Lambda's of any other invocation. */
  readonly requestId?: string | undefined;
  readonly functionId?: string | undefined;
  /** Of an event and its result, `authorizer` for that of an authorizer; of a frame, the route that it took. */
  readonly routeKey?: string | undefined;
  /** The method of a post, the operation and the table of a database call, the fault. */
  readonly name?: string | undefined;
  /** An HTTP status, or the code that a connection was closed with. */
  readonly status?: number | undefined;
  /** In milliseconds. */
  readonly duration?: number | undefined;
  /** Of the text, in bytes. */
  readonly size?: number | undefined;
  readonly failed?: true | undefined;
  /** What happened, in words of the gateway, of API Gateway or of Lambda; the type of an error. */
  readonly note?: string | undefined;
  /** Of `opened`. */
  readonly client?: ConnectedClient | undefined;
  /** Of what a function does, the entry with its event; absent when that is not known. */
  readonly eventId?: number | undefined;
  /** Of an event, the entry with the event in which a function has asked for this one. */
  readonly causedBy?: number | undefined;
  /** Of an event that was run again, the entry with the first one. */
  readonly rerunOf?: number | undefined;
}

/** One thing that happened, whole. */
export interface Entry extends EntrySummary {
  /**
   * A frame, an event, a result, a post, the request of a database call, a log line: as it was. Events, results and requests
   * are JSON.
   */
  readonly text?: string | undefined;
  /** What a function, or what it was given, says about a failure. */
  readonly problem?: string | undefined;
}
