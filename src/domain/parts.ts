import { Delivery, type DeliveryPorts } from "./delivery.ts";
import { EnvelopeDelivery } from "./envelope-delivery.ts";
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
  /** The origins of the web pages that may connect; every page may if there is none. */
  readonly allowedOrigins: readonly string[];
  /** How users prove their identity; undefined if they need not. */
  readonly authentication: Authentication | undefined;
  /** Whether clients may send bare data to a connection id, which says nothing of its sender. */
  readonly rawForward: boolean;
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

/** What the use cases are made of: the settings, and what several of them share. Each takes those parts that it needs. */
export interface Parts extends Settings {
  readonly registrations: Registrations;
  readonly delivery: Delivery;
  readonly envelopes: EnvelopeDelivery;
  readonly largeFanOut: LargeFanOut;
  readonly slices: SliceDelivery;
  readonly presence: Presence;
  /** Undefined if nothing is kept. */
  readonly history: History | undefined;
}

/** Puts the parts together. */
export function createParts(settings: Settings): Parts {
  const { store, clock, presenceWatchers, messages, retention } = settings;
  const presence = new Presence(settings, presenceWatchers);
  const delivery = new Delivery(settings, (id, options) => presence.removeConnection(id, options));
  const registrations = new Registrations(store, clock);
  const history = messages && new History({ messages, clock, retention });
  const largeFanOut = new LargeFanOut(settings, settings.fanOut);
  const slices = new SliceDelivery({ ...settings, delivery }, settings.fanOut.perSecond);
  const shared = { ...settings, registrations, delivery, history, largeFanOut, slices };
  return { ...shared, presence, envelopes: new EnvelopeDelivery(shared) };
}

/** What happens in the relay at one kind of event. */
export abstract class UseCase {
  protected readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }
}
