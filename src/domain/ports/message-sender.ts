import type { SendOutcome } from "../send-outcome.ts";

/** Whether a connection is there; `throttled` when the question was not answered because too many came at once. */
export type ProbeOutcome = "alive" | "gone" | "throttled";

/** The way to a connected client. */
export interface MessageSender {
  /**
   * Sends `text` to one connection as one message, exactly as it is; half a surrogate pair, which no message can hold,
   * becomes U+FFFD. Texts that are sent one after the other arrive in that order. It is tried once. Rejects when nobody
   * knows what became of the text, which is also so when that is not clear by `until` (milliseconds since 1970).
   */
  send(connectionId: string, text: string, until: number): Promise<SendOutcome>;

  /**
   * Asks whether a connection is there, and sends nothing to it. It is asked once. Rejects when there is no answer by
   * `until` (milliseconds since 1970), or none that says so.
   */
  probe(connectionId: string, until: number): Promise<ProbeOutcome>;
}
