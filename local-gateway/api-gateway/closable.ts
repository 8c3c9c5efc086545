import type { DisconnectCause } from "./disconnect-cause.ts";

/** What a broken rule closes: a connection. */
export interface Closable {
  /** Begins to close. Does nothing when either side has begun before. */
  close(cause: DisconnectCause): void;
}
