/** What the process of a channel's members is asked to do. */
export type AudienceCommand =
  /** Connects a sender and so many others to the channel, and lets each learn its id. */
  | {
      readonly do: "join";
      readonly url: string;
      readonly channel: string;
      readonly members: number;
    }
  /** Sends one message to the channel, and waits for its receipt and for every member to have it. */
  | { readonly do: "send"; readonly channel: string };

/** What came of a command. */
export interface AudienceReport {
  /** The connection ids of the members, without the sender. */
  readonly ids: readonly string[];
  /** How long it took, in seconds. */
  readonly seconds: number;
}
