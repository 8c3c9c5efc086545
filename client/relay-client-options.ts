import type { Clock } from "./clock.ts";
import type { WebSocketLike } from "./web-socket-like.ts";

/** Who the client is, and how patient. Times are in milliseconds; docs/client.md has the defaults. */
export interface RelayClientOptions {
  /** A name for all connections of one person or program. */
  readonly user?: string | undefined;
  /** The channel to be in, for the client's whole life. */
  readonly channel?: string | undefined;
  /**
   * A JWT, or a function that gives one; undefined or null sends none. The function is called anew for each connection,
   * and the next connection is made before the token of this one ends.
   */
  readonly token?:
    | string
    | (() => string | null | undefined | PromiseLike<string | null | undefined>)
    | undefined;
  /** How long a message waits for its answer, the time without a connection included. */
  readonly sendTimeout?: number | undefined;
  /** How long an attempt may take until the connection is open, the token function included. */
  readonly connectTimeout?: number | undefined;
  /** How long after one heartbeat's answer the next one asks whether the connection is alive and registered. */
  readonly heartbeatAfter?: number | undefined;
  /** How long the answer to a heartbeat may take. */
  readonly heartbeatTimeout?: number | undefined;
  /** How old a connection grows at most before the next one takes over. */
  readonly rotateAfter?: number | undefined;
  /** How long the old connection stays open, and longer while answers are due on it. */
  readonly rotationOverlap?: number | undefined;
  /** The limit of the first delay before an attempt; it doubles with each failure. */
  readonly baseDelay?: number | undefined;
  /** The limit of every delay. */
  readonly maxDelay?: number | undefined;
  /** How many attempts may fail before the first success until the client gives up. */
  readonly maxAttempts?: number | undefined;
  /** How many messages may wait for a connection. */
  readonly outboxSize?: number | undefined;
  /** How long a message may be as JSON in UTF-8: above 32 KB only for a WebSocket that splits messages into frames. */
  readonly maxMessageBytes?: number | undefined;
  /** Another WebSocket than the platform's, for example the one of the package `ws`. */
  readonly WebSocket?: (new (url: string, protocols: string[]) => WebSocketLike) | undefined;
  readonly clock?: Clock | undefined;
  /** A number from 0 up to 1, drawn for each delay. */
  readonly random?: (() => number) | undefined;
  /** Calls back whenever a connection should be looked after at once; it has an effect once a second at most; returns what stops it. */
  readonly listenForWake?: ((onWake: () => void) => () => void) | undefined;
}
