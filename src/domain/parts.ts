import { Delivery } from "./delivery.ts";
import { EnvelopeDelivery } from "./envelope-delivery.ts";
import { History } from "./history.ts";
import type { Clock, ConnectionStore, MessageHistory, MessageSender, Wait } from "./ports.ts";
import { Presence } from "./presence.ts";
import { Registrations } from "./registrations.ts";
import { Removal } from "./removal.ts";
import type { Authentication } from "./rights.ts";

/** The ports, and what the relay is configured to do with them. */
export interface Settings {
  readonly store: ConnectionStore;
  readonly sender: MessageSender;
  readonly clock: Clock;
  readonly wait: Wait;
  /** How users prove their identity; undefined if they need not. */
  readonly authentication: Authentication | undefined;
  /** How many connections of one channel may ask for presence; 0 if none may. */
  readonly presenceWatchers: number;
  /** How long an envelope to a user or a channel may be, in bytes. */
  readonly groupMessageBytes: number;
  /** Where messages to channels are kept, if they are, and for how long, in milliseconds. */
  readonly messages: MessageHistory | undefined;
  readonly retention: number;
}

/** What the use cases are made of: the ports, and what several of them share. Each takes those parts that it needs. */
export interface Parts extends Pick<Settings, "store" | "sender" | "clock" | "wait"> {
  readonly registrations: Registrations;
  readonly delivery: Delivery;
  readonly envelopes: EnvelopeDelivery;
  readonly presence: Presence;
  readonly removal: Removal;
  readonly authentication: Authentication | undefined;
  /** Undefined if nothing is kept. */
  readonly history: History | undefined;
}

/** Puts the parts together. */
export function createParts(settings: Settings): Parts {
  const { store, sender, clock, wait, authentication, messages, retention } = settings;
  const ports = [store, sender, clock, wait] as const;
  // Whom a presence frame finds gone is removed in silence: to notify others of that could go on without an end.
  const presence = new Presence(store, new Delivery(...ports), clock, settings.presenceWatchers);
  const removal = new Removal(store, presence, clock);
  const delivery = new Delivery(...ports, (id, options) => removal.remove(id, options));
  const registrations = new Registrations(store, clock);
  const history = messages && new History({ messages, clock, retention });
  const shared = { store, clock, registrations, delivery, history };
  const envelopes = new EnvelopeDelivery(shared, settings.groupMessageBytes);
  return { ...shared, sender, wait, envelopes, presence, removal, authentication };
}
