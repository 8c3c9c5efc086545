import type { Delivery } from "./delivery.ts";
import type { HistoryReader } from "./history-reader.ts";
import type { Clock, ConnectionStore, MessageSender, Wait } from "./ports.ts";
import type { Presence } from "./presence.ts";
import type { Registrations } from "./registrations.ts";
import type { Removal } from "./removal.ts";
import type { Authentication } from "./rights.ts";

/** What the use cases are made of: the ports, and what several of them share. Each takes those parts that it needs. */
export interface Parts {
  readonly store: ConnectionStore;
  readonly sender: MessageSender;
  readonly clock: Clock;
  readonly wait: Wait;
  readonly registrations: Registrations;
  readonly delivery: Delivery;
  readonly presence: Presence;
  readonly removal: Removal;
  /** How users prove their identity; undefined if they need not. */
  readonly authentication: Authentication | undefined;
  /** Reads what was kept; undefined if nothing is. */
  readonly history: HistoryReader | undefined;
}
