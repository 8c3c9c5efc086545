/**
 * Who is to receive a message: a connection, every connection of a user, or everyone else in the sender's channel.
 *
 * A text is a connection id, too: that connection then receives the bare data, without an envelope, as wscat shows it.
 */
export type Target =
  | { readonly connection: string; readonly user?: never; readonly channel?: never }
  | { readonly user: string; readonly connection?: never; readonly channel?: never }
  | { readonly channel: string; readonly connection?: never; readonly user?: never }
  | string;
