/** What the process of the talking clients is asked to do. */
export type TrafficCommand =
  /** Connects so many pairs of clients to `url`, and lets each learn its id. */
  | { readonly do: "connect"; readonly url: string; readonly pairs: number }
  /** Sends so many messages in all, from the first of each pair to the second, `inFlight` of them at a time in each pair. */
  | { readonly do: "send"; readonly messages: number; readonly inFlight: number };

/** What came of sending; of connecting, nothing. */
export interface TrafficReport {
  /** How long all of it took, in seconds. */
  readonly seconds: number;
  /** How long each message took from one client to the other, in milliseconds, in no order. */
  readonly durations: readonly number[];
}
