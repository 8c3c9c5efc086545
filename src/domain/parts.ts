import { Delivery, type DeliveryPorts } from "./delivery.ts";
import { EnvelopeDelivery } from "./envelope-delivery.ts";
import { FanOut } from "./fan-out/fan-out.ts";
import { type FanOutSettings, LargeFanOut } from "./fan-out/large-fan-out.ts";
import type { FanOutStore, JobQueue } from "./fan-out/ports.ts";
import { SliceDelivery } from "./fan-out/slice-delivery.ts";
import { History } from "./history.ts";
import type { MessageHistory } from "./ports.ts";
import { Presence } from "./presence.ts";
import { Registrations } from "./registrations.ts";
import type { Authentication } from "./rights.ts";

/** The ports, and what the relay is configured to do with them. */
interface Settings extends DeliveryPorts {
  /** How users prove their identity; undefined if they need not. */
  readonly authentication: Authentication | undefined;
  /** How many connections of one channel may ask for presence; 0 if none may. */
  readonly presenceWatchers: number;
  /** How long an envelope to a user or a channel may be, in bytes. */
  readonly groupMessageBytes: number;
  /** Where messages to channels are kept, if they are, and for how long, in milliseconds. */
  readonly messages: MessageHistory | undefined;
  readonly retention: number;
  /** How messages to groups are delivered that are too many for one invocation, and what that takes. */
  readonly fanOut: FanOutSettings;
  readonly fanOuts: FanOutStore;
  readonly jobs: JobQueue;
}

/** What the use cases are made of: the ports, and what several of them share. Each takes those parts that it needs. */
export interface Parts extends DeliveryPorts {
  readonly registrations: Registrations;
  readonly delivery: Delivery;
  readonly envelopes: EnvelopeDelivery;
  readonly largeFanOut: LargeFanOut;
  readonly slices: SliceDelivery;
  readonly presence: Presence;
  readonly authentication: Authentication | undefined;
  /** Undefined if nothing is kept. */
  readonly history: History | undefined;
}

/** Puts the parts together. */
export function createParts(settings: Settings): Parts {
  const { store, sender, clock, wait, authentication, messages, retention } = settings;
  const ports = { store, sender, clock, wait };
  const presence = new Presence(ports, settings.presenceWatchers);
  const delivery = new Delivery(ports, (id, options) => presence.removeConnection(id, options));
  const registrations = new Registrations(store, clock);
  const history = messages && new History({ messages, clock, retention });
  const shared = { ...ports, registrations, delivery, history };
  const { fanOuts, jobs, fanOut: limits } = settings;
  const largeFanOut = new LargeFanOut({ ...ports, fanOuts, jobs }, limits);
  const slices = new SliceDelivery({ ...ports, fanOuts, delivery }, limits.perSecond);
  const fanOut = new FanOut({ ...shared, large: largeFanOut }, limits.ownTargets);
  const envelopes = new EnvelopeDelivery({ ...shared, fanOut }, settings.groupMessageBytes);
  return { ...shared, envelopes, largeFanOut, slices, presence, authentication };
}
