/**
 * Who may send bare data to a connection id, which says nothing of its sender.
 *
 * - `everyone`: every client that knows the id.
 * - `registered`: only senders with a live registration, as where a token must have opened the connection.
 * - `nobody`: data travels in envelopes only.
 */
export type RawForward = "everyone" | "registered" | "nobody";
