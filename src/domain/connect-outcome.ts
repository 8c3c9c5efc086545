/**
 * What became of an attempt to connect.
 *
 * - `connected`: registered; `text` is the greeting.
 * - `badName`: the name of the user or of the channel is none; `text` says what a name is.
 * - `unauthenticated`: there is no valid token, and why is not told.
 * - `nameless`: the token is valid, but names no user. To the client it is the same as any other refused token.
 * - `forbidden`: the token, or the page that asks, does not allow it.
 */
export interface ConnectOutcome {
  readonly kind: "connected" | "badName" | "unauthenticated" | "nameless" | "forbidden";
  readonly text: string;
}
