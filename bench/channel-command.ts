/**
 * Makes a channel of so many members for the next message, of whom every second one does not read, or everybody reads;
 * or asks how the last message went.
 */
export type ChannelCommand =
  | { readonly do: "gather"; readonly members: number; readonly doAllRead: boolean }
  | { readonly do: "report" };

/** The answer to both. */
export interface ChannelReport {
  /** Where the server is, without a path. */
  readonly url: string;
  /** The members that read and have the message. */
  readonly served: number;
  /** The time from the message's first call until the last of them was served, in milliseconds. */
  readonly lastServedAfter: number;
}
