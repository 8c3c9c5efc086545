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

/** What came of a command. */
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
