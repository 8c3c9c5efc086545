import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import type { BackendInput, BackendReport, MessageUseCase } from "../../src/domain/answer.ts";
import type { Connection } from "../../src/domain/connection.ts";
import { collectFailures } from "../../src/domain/failures.ts";
import { FAN_OUT_SIZES, type FanOutSettings } from "../../src/domain/fan-out/large-fan-out.ts";
import type { Rest, Slice } from "../../src/domain/fan-out/ports.ts";
import { createParts } from "../../src/domain/parts.ts";
import type { MessageHistory, MessageSender, Wait } from "../../src/domain/ports.ts";
import type { Authentication } from "../../src/domain/rights.ts";
import { Connect } from "../../src/domain/use-cases/connect.ts";
import { Disconnect } from "../../src/domain/use-cases/disconnect.ts";
import { DisconnectTargets } from "../../src/domain/use-cases/disconnect-targets.ts";
import { ListMembers } from "../../src/domain/use-cases/list-members.ts";
import { Publish } from "../../src/domain/use-cases/publish.ts";
import { ReadHistory } from "../../src/domain/use-cases/read-history.ts";
import { Relay } from "../../src/domain/use-cases/relay.ts";
import { Subscribe } from "../../src/domain/use-cases/subscribe.ts";
import { Unsubscribe } from "../../src/domain/use-cases/unsubscribe.ts";
import { UnsubscribeTargets } from "../../src/domain/use-cases/unsubscribe-targets.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { InMemoryFanOutStore } from "../support/in-memory-fan-out-store.ts";
import { InMemoryJobQueue } from "../support/in-memory-job-queue.ts";
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
  rawForward = true,
  presenceWatchers = 0,
  groupMessageBytes = MAX_MESSAGE_BYTES,
  authentication,
  history,
  retention = 24 * 60 * 60_000,
  fanOut = { ...FAN_OUT_SIZES, perSecond: 2000 },
}: {
  readonly clock?: () => number;
  /** When an invocation that begins now must be over. */
  readonly end?: () => number;
  /** Passes no time unless it is said. */
  readonly wait?: Wait;
  readonly store?: Store;
  readonly wrap?: (sender: MessageSender) => MessageSender;
  readonly rawForward?: boolean;
  readonly presenceWatchers?: number;
  readonly groupMessageBytes?: number;
  readonly authentication?: Authentication;
  /** Nothing is kept without one. */
  readonly history?: MessageHistory;
  /** How long messages are kept, in milliseconds. */
  readonly retention?: number;
  readonly fanOut?: FanOutSettings;
} = {}) {
  const sender = new RecordingMessageSender();
  const jobs = new InMemoryJobQueue();
  const fanOuts = new InMemoryFanOutStore();
  const parts = createParts({
    store,
    sender: wrap(sender),
    clock,
    wait,
    allowedOrigins: [],
    authentication,
    rawForward,
    presenceWatchers,
    groupMessageBytes,
    messages: history,
    retention,
    fanOut,
    fanOuts,
    jobs,
  });
  const runJob = async (job: Slice | Rest) => {
    const { failures, onFailure } = collectFailures();
    const options = { deadline: end(), onFailure };
    await (job.kind === "slice"
      ? parts.slices.deliver(job, options)
      : parts.largeFanOut.goOn(job, options));
    return failures;
  };
  jobs.run = runJob;
  const relay = new Relay(parts);
  const publish = new Publish(parts);
  const connecting = new Connect(parts);
  const disconnecting = new Disconnect(parts);
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
    (request: unknown, deadline = end(), requestId = "r2") =>
      execute({ request, requestId, deadline });
  return {
    store,
    sender,
    jobs,
    fanOuts,
    /** Runs a part of a large delivery as an invocation of its own, and gives what went wrong. */
    runJob,
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
    members: backend((input) => listMembers.forBackends.execute(input)),
    readHistory: backend((input) => readHistory.forBackends.execute(input)),
    /** What a connection has received, parsed. */
    frames: (connectionId: string): unknown[] =>
      sender.inbox(connectionId).map((text) => JSON.parse(text)),
  };
}
