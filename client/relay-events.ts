import type { RelayError } from "./relay-error.ts";
import type { RelayMessage } from "./relay-message.ts";
import type { StateChange } from "./state-change.ts";

/** What a client tells its listeners, by the event's name. */
export interface RelayEvents {
  /** A message with its envelope. Each arrives once. */
  readonly message: RelayMessage;
  /** Any other text that arrives: bare data, or an error frame of API Gateway. */
  readonly text: string;
  /** An error of the relay that belongs to no message of this client. */
  readonly error: RelayError;
  readonly connecting: StateChange;
  readonly open: StateChange;
  readonly reconnecting: StateChange;
  readonly closed: StateChange;
}
