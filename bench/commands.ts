/** What the process of the clients is asked to do; it answers each command with one report. */
export type ClientsCommand =
  /** Opens connections, `concurrency` at a time, and keeps them. */
  | { readonly do: "open"; readonly count: number; readonly concurrency: number }
  /** Sends a message on every connection that is open, one after the other, and waits for its echo. */
  | { readonly do: "echo"; readonly every: number }
  /** Begins `rate` connections a second, whether or not earlier ones are open; each closes once it is open. */
  | { readonly do: "connect at"; readonly rate: number; readonly seconds: number }
  /** Posts to every open connection, which reads nothing, until none is left; the failures are the outcomes of the posts. */
  | { readonly do: "post unread"; readonly managementUrl: string }
  | { readonly do: "close" };

/** The result of a command. */
export interface ClientsReport {
  readonly succeeded: number;
  /** What went wrong, each different text once, with how often. */
  readonly failures: Readonly<Record<string, number>>;
  /** How long each took, in milliseconds, sorted. */
  readonly durations: readonly number[];
  /** How long all of it took, in seconds. */
  readonly seconds: number;
  /** How many processor cores the clients needed. */
  readonly cores: number;
}

/** What the process of the talking clients is asked to do. */
export type TrafficCommand =
  /** Connects so many pairs of clients to `url`, and lets each learn its id. */
  | { readonly do: "connect"; readonly url: string; readonly pairs: number }
  /** Sends so many messages in all, from the first of each pair to the second, `inFlight` of them at a time in each pair. */
  | { readonly do: "send"; readonly messages: number; readonly inFlight: number };

/** The result of sending; connecting has none. */
export interface TrafficReport {
  /** How long all of it took, in seconds. */
  readonly seconds: number;
  /** How long each message took from one client to the other, in milliseconds, in no order. */
  readonly durations: readonly number[];
}

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

/** The result of a command. */
export interface AudienceReport {
  /** The connection ids of the members, without the sender. */
  readonly ids: readonly string[];
  /** How long it took, in seconds. */
  readonly seconds: number;
}

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

/** Does one of two things so often, one after the other; answered with the seconds that it took. */
export interface InvocationsCommand {
  /** The handler of the built function with an event that forwards, or one post by the SDK alone. */
  readonly do: "invoke" | "post";
  readonly times: number;
}

/** Posts once to each of `ids`, so many at a time; answered with the seconds that it took. */
export interface PostsCommand {
  readonly ids: readonly string[];
  readonly concurrency: number;
}

/** What a server of idle connections reports. */
export interface IdleReport {
  readonly url: string;
  readonly connections: number;
  /** What it has in its heap, and in buffers outside of it, in bytes. */
  readonly memory: number;
}
