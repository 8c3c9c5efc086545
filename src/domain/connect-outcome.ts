/**
 * What became of an attempt to connect.
 *
 * - `connected`: registered; `text` is the greeting.
 * - `badName`: the name of the user or of the channel is none; `text` says what a name is.
 * - `unauthenticated`: there is no valid token, and why is not told.
 * - `forbidden`: the token, or the page that asks, does not allow it.
 */
export interface ConnectOutcome {
  readonly kind: "connected" | "badName" | "unauthenticated" | "forbidden";
  readonly text: string;
}
