import type { Connection } from "../../src/domain/connection.ts";
import { Delivery } from "../../src/domain/delivery.ts";
import { EnvelopeDelivery } from "../../src/domain/envelope-delivery.ts";
import { FanOut } from "../../src/domain/fan-out.ts";
import type { MessageSender, Wait } from "../../src/domain/ports.ts";
import { Registrations } from "../../src/domain/registrations.ts";
import { Publish } from "../../src/domain/use-cases/publish.ts";
import { type RawForward, Relay } from "../../src/domain/use-cases/relay.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { RecordingMessageSender } from "../support/recording-message-sender.ts";

/** When all domain tests happen, in milliseconds since 1970, and so that no registration of theirs has expired. */
export const NOW = Date.UTC(2026, 10, 22, 10);
/** How long an invocation of theirs has left, in milliseconds. */
const LEFT = 25_000;

/** The relay's sending use cases on ports in memory. */
export function assembleDomain<Store extends InMemoryConnectionStore = InMemoryConnectionStore>({
  clock = () => NOW,
  wait = async () => {},
  store = new InMemoryConnectionStore(() => NOW) as Store,
  wrap = (sender) => sender,
  rawForward = "everyone",
}: {
  readonly clock?: () => number;
  /** Passes no time unless it is said. */
  readonly wait?: Wait;
  readonly store?: Store;
  readonly wrap?: (sender: MessageSender) => MessageSender;
  readonly rawForward?: RawForward;
} = {}) {
  const sender = new RecordingMessageSender();
  const delivery = new Delivery(store, wrap(sender), clock, wait);
  const registrations = new Registrations(store, clock);
  const fanOut = new FanOut(store, delivery, clock);
  const envelopes = new EnvelopeDelivery(registrations, delivery, fanOut);
  const relay = new Relay(registrations, delivery, envelopes, clock, rawForward);
  const publish = new Publish(envelopes, clock);
  return {
    store,
    sender,
    /** Registers a connection and makes it reachable. */
    connect(connectionId: string, names: Partial<Connection> = {}) {
      sender.connect(connectionId);
      const expiresAt = NOW + 60_000;
      store.connections.set(connectionId, { connectionId, registeredAt: 0, expiresAt, ...names });
    },
    relayFrom: (connectionId: string, message: unknown) =>
      relay.execute({
        connectionId,
        messageId: "m=",
        requestId: "r1=",
        message,
        deadline: NOW + LEFT,
      }),
    publish: (publication: unknown) =>
      publish.execute({ publication, requestId: "r2", deadline: NOW + LEFT }),
    /** What a connection has received, parsed. */
    frames: (connectionId: string): unknown[] =>
      sender.inbox(connectionId).map((text) => JSON.parse(text)),
  };
}
