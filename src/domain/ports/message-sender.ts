import type { SendOutcome } from "../send-outcome.ts";

/** The way to a connected client. */
export interface MessageSender {
  /**
   * Sends `text` to one connection as one message, exactly as it is; half a surrogate pair, which no message can hold,
   * becomes U+FFFD. Texts that are sent one after the other arrive in that order. Rejects when nobody knows what
   * became of the text, which is also so when that is not clear by `until` (milliseconds since 1970): then it is not
   * sent again.
   */
  send(connectionId: string, text: string, until: number): Promise<SendOutcome>;
}
