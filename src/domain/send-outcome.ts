/**
 * What became of one text for one connection.
 *
 * - `delivered`: accepted on its way to the client.
 * - `gone`: there is no such connection, or not yet; now and then this is said of one that is alive.
 * - `tooLarge`: the text is longer than a message may be.
 * - `throttled`: not accepted, because too many came at once or the client does not read. It may be tried again.
 * - `refused`: the connection id is none that API Gateway would have given.
 */
export type SendOutcome = "delivered" | "gone" | "tooLarge" | "throttled" | "refused";
