/** Many connections under one name: all of a user, or all in a channel. */
export type Group = { readonly user: string } | { readonly channel: string };
