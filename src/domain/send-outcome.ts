/**
 * What became of one text for one connection.
 *
 * - `delivered`: accepted on its way to the client.
 * - `gone`: there is no such connection, or not yet.
 * - `tooLarge`: the text is longer than a message may be.
 * - `throttled`: still refused for haste after every retry.
 * - `refused`: the connection id is none that API Gateway would have given.
 */
export type SendOutcome = "delivered" | "gone" | "tooLarge" | "throttled" | "refused";
