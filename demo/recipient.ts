/** To whom a message of the page goes: always in an envelope, so that receivers see the sender. */
export type Recipient =
  | { readonly channel: string }
  | { readonly user: string }
  | { readonly connection: string };
