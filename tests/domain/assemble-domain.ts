import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import type { BackendInput, BackendReport, MessageUseCase } from "../../src/domain/answer.ts";
import type { Connection } from "../../src/domain/connection.ts";
import { Delivery } from "../../src/domain/delivery.ts";
import { EnvelopeDelivery } from "../../src/domain/envelope-delivery.ts";
import { FanOut } from "../../src/domain/fan-out.ts";
import { HistoryReader } from "../../src/domain/history-reader.ts";
import { HistoryWriter } from "../../src/domain/history-writer.ts";
import type { MessageHistory, MessageSender, Wait } from "../../src/domain/ports.ts";
import { Presence } from "../../src/domain/presence.ts";
import { Registrations } from "../../src/domain/registrations.ts";
import { Removal } from "../../src/domain/removal.ts";
import type { Authentication } from "../../src/domain/rights.ts";
import { Connect } from "../../src/domain/use-cases/connect.ts";
import { Disconnect } from "../../src/domain/use-cases/disconnect.ts";
import { DisconnectTargets } from "../../src/domain/use-cases/disconnect-targets.ts";
import { ListMembers } from "../../src/domain/use-cases/list-members.ts";
import { Publish } from "../../src/domain/use-cases/publish.ts";
import { ReadHistory } from "../../src/domain/use-cases/read-history.ts";
import { type RawForward, Relay } from "../../src/domain/use-cases/relay.ts";
import { Subscribe } from "../../src/domain/use-cases/subscribe.ts";
import { Unsubscribe } from "../../src/domain/use-cases/unsubscribe.ts";
import { UnsubscribeTargets } from "../../src/domain/use-cases/unsubscribe-targets.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { RecordingMessageSender } from "../support/recording-message-sender.ts";

/** When all domain tests happen, in milliseconds since 1970, and so that no registration of theirs has expired. */
export const NOW = Date.UTC(2026, 10, 22, 10);
/** How long an invocation of theirs has left, in milliseconds. */
const LEFT = 25_000;

/** The relay's sending use cases on ports in memory. */
export function assembleDomain<Store extends InMemoryConnectionStore = InMemoryConnectionStore>({
  clock = () => NOW,
  end = () => NOW + LEFT,
  wait = async () => {},
  store = new InMemoryConnectionStore(() => NOW) as Store,
  wrap = (sender) => sender,
  rawForward = "everyone",
  presenceWatchers = 0,
  groupMessageBytes = MAX_MESSAGE_BYTES,
  authentication,
  history,
  retention = 24 * 60 * 60_000,
}: {
  readonly clock?: () => number;
  /** When an invocation that begins now must be over. */
  readonly end?: () => number;
  /** Passes no time unless it is said. */
  readonly wait?: Wait;
  readonly store?: Store;
  readonly wrap?: (sender: MessageSender) => MessageSender;
  readonly rawForward?: RawForward;
  readonly presenceWatchers?: number;
  readonly groupMessageBytes?: number;
  readonly authentication?: Authentication;
  /** Nothing is kept without one. */
  readonly history?: MessageHistory;
  /** How long messages are kept, in milliseconds. */
  readonly retention?: number;
} = {}) {
  const sender = new RecordingMessageSender();
  const ports = [store, wrap(sender), clock, wait] as const;
  const presence = new Presence(store, new Delivery(...ports), clock, presenceWatchers);
  const removal = new Removal(store, presence, clock);
  const delivery = new Delivery(...ports, (id, options) => removal.remove(id, options));
  const registrations = new Registrations(store, clock);
  const fanOut = new FanOut(store, delivery, clock);
  const reader = history && new HistoryReader(history, clock, retention);
  const writer = history && new HistoryWriter(history, clock, retention, groupMessageBytes);
  const envelopes = new EnvelopeDelivery(
    registrations,
    delivery,
    fanOut,
    clock,
    groupMessageBytes,
    writer,
  );
  const relay = new Relay(registrations, delivery, envelopes, clock, rawForward, reader);
  const publish = new Publish(envelopes);
  const policy = { allowedOrigins: [], authentication };
  const connecting = new Connect(store, presence, clock, policy);
  const disconnecting = new Disconnect(removal);
  const parts = {
    store,
    sender: ports[1],
    clock,
    wait,
    registrations,
    delivery,
    presence,
    removal,
    authentication,
    history: reader,
  };
  const subscribe = new Subscribe(parts);
  const unsubscribe = new Unsubscribe(parts);
  const listMembers = new ListMembers(parts);
  const readHistory = new ReadHistory(parts);
  const disconnectTargets = new DisconnectTargets(parts);
  const unsubscribeTargets = new UnsubscribeTargets(parts);
  const from =
    (useCase: MessageUseCase) =>
    (connectionId: string, message: unknown, deadline = end()) =>
      useCase.execute({ connectionId, messageId: "m=", requestId: "r1=", message, deadline });
  const backend =
    <Frame>(execute: (input: BackendInput) => Promise<BackendReport<Frame>>) =>
    (request: unknown, deadline = end()) =>
      execute({ request, requestId: "r2", deadline });
  return {
    store,
    sender,
    parts,
    relay,
    /** Registers a connection, in a channel if it is named, and makes it reachable. */
    connect(
      connectionId: string,
      { channel, ...names }: Partial<Connection> & { readonly channel?: string } = {},
    ) {
      sender.connect(connectionId);
      const expiresAt = NOW + 60_000;
      const connection = { connectionId, registeredAt: 0, expiresAt, ...names };
      store.connections.set(connectionId, connection);
      if (channel !== undefined) {
        const { user, registeredAt: since } = connection;
        store.putMembership({
          connectionId,
          channel,
          user,
          since,
          expiresAt: connection.expiresAt,
          presence: false,
        });
      }
    },
    /** A $connect event, with what its URL says. */
    connecting: (
      input: Partial<Parameters<Connect["execute"]>[0]> & { readonly connectionId: string },
    ) => connecting.execute({ deadline: end(), ...input }),
    /** A $disconnect event. */
    disconnecting: (connectionId: string) =>
      disconnecting.execute({ connectionId, deadline: end() }),
    relayFrom: from(relay),
    subscribeFrom: from(subscribe),
    unsubscribeFrom: from(unsubscribe),
    membersFrom: from(listMembers),
    historyFrom: from(readHistory),
    publish: backend((input) => publish.execute(input)),
    disconnectTargets: backend((input) => disconnectTargets.execute(input)),
    unsubscribeTargets: backend((input) => unsubscribeTargets.execute(input)),
    members: backend((input) => listMembers.executeForBackend(input)),
    readHistory: backend((input) => readHistory.executeForBackend(input)),
    /** What a connection has received, parsed. */
    frames: (connectionId: string): unknown[] =>
      sender.inbox(connectionId).map((text) => JSON.parse(text)),
  };
}
