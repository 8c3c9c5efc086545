// tsyringe does not load without it, though nothing here uses decorators.
import "reflect-metadata";
import {
  container,
  type DependencyContainer,
  type InjectionToken,
  instanceCachingFactory,
} from "tsyringe";
import {
  HISTORY_ACTION,
  MEMBERS_ACTION,
  SEND_MESSAGE_ACTION,
  SUBSCRIBE_ACTION,
  UNSUBSCRIBE_ACTION,
} from "../../protocol/requests.ts";
import { ApiGatewayMessageSender } from "../adapters/api-gateway-message-sender.ts";
import { DynamoDbConnectionStore } from "../adapters/dynamodb-connection-store.ts";
import { DynamoDbMessageHistory } from "../adapters/dynamodb-message-history.ts";
import { JwtTokenVerifier } from "../adapters/jwt-token-verifier.ts";
import type { MessageUseCase } from "../domain/answer.ts";
import { Delivery } from "../domain/delivery.ts";
import { EnvelopeDelivery } from "../domain/envelope-delivery.ts";
import { FanOut } from "../domain/fan-out.ts";
import { HistoryReader } from "../domain/history-reader.ts";
import { HistoryWriter } from "../domain/history-writer.ts";
import { MessageLimit } from "../domain/message-limit.ts";
import type { Parts } from "../domain/parts.ts";
import type {
  Clock,
  ConnectionStore,
  MessageHistory,
  MessageSender,
  TokenVerifier,
  Wait,
} from "../domain/ports.ts";
import { Presence } from "../domain/presence.ts";
import { Registrations } from "../domain/registrations.ts";
import { Removal } from "../domain/removal.ts";
import { Connect, type ConnectionPolicy } from "../domain/use-cases/connect.ts";
import { Disconnect } from "../domain/use-cases/disconnect.ts";
import { DisconnectTargets } from "../domain/use-cases/disconnect-targets.ts";
import { ListMembers } from "../domain/use-cases/list-members.ts";
import { Publish } from "../domain/use-cases/publish.ts";
import { ReadHistory } from "../domain/use-cases/read-history.ts";
import { type RawForward, Relay } from "../domain/use-cases/relay.ts";
import { Subscribe } from "../domain/use-cases/subscribe.ts";
import { Unsubscribe } from "../domain/use-cases/unsubscribe.ts";
import { UnsubscribeTargets } from "../domain/use-cases/unsubscribe-targets.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import {
  ambiguousRoute,
  backendRoute,
  connectRoute,
  disconnectRoute,
  messageRoute,
  type Routes,
  unknownRoute,
} from "./routes.ts";

/** The tokens of the ports and policies, with the type of what the container has for each. */
export const TOKENS = {
  CONNECTION_STORE: token<ConnectionStore>("ConnectionStore"),
  MESSAGE_SENDER: token<MessageSender>("MessageSender"),
  TOKEN_VERIFIER: token<TokenVerifier>("TokenVerifier"),
  CLOCK: token<Clock>("Clock"),
  WAIT: token<Wait>("Wait"),
  CONNECTION_POLICY: token<ConnectionPolicy>("ConnectionPolicy"),
  RAW_FORWARD: token<RawForward>("RawForward"),
  MESSAGE_HISTORY: token<MessageHistory | undefined>("MessageHistory"),
  HISTORY_READER: token<HistoryReader | undefined>("HistoryReader"),
  HISTORY_WRITER: token<HistoryWriter | undefined>("HistoryWriter"),
  MESSAGES_PER_MINUTE: token<number>("MessagesPerMinute"),
} as const;

function token<T>(name: string): InjectionToken<T> {
  return Symbol(name);
}

/** In milliseconds. */
const HOUR = 60 * 60_000;

/**
 * Makes a container of its own: the adapters behind the ports, what several use cases share, and the policies that the
 * configuration sets. A test may register something else under one of the tokens before it resolves anything.
 */
export function createContainer(config: Config): DependencyContainer {
  const root = container.createChildContainer();
  const { connectionsTable, managementEndpoint, allowedOrigins, jwt, rawForward } = config;
  const { presenceWatchers, groupMessageBytes, messagesPerMinute, history } = config;
  const get = <T>(key: InjectionToken<T>): T => root.resolve(key);
  const once = <T>(key: InjectionToken<T>, make: () => NoInfer<T>) =>
    root.register(key, { useFactory: instanceCachingFactory(make) });

  once(TOKENS.CLOCK, () => Date.now);
  // Node has this in a module, which each cold start would load for the rare wait.
  once(TOKENS.WAIT, () => (time) => new Promise((resolve) => setTimeout(resolve, time)));
  once(TOKENS.CONNECTION_STORE, () => new DynamoDbConnectionStore(connectionsTable));
  once(TOKENS.MESSAGE_SENDER, () => new ApiGatewayMessageSender({ endpoint: managementEndpoint }));
  if (jwt !== undefined) {
    once(TOKENS.TOKEN_VERIFIER, () => new JwtTokenVerifier(jwt));
  }
  once(TOKENS.MESSAGE_HISTORY, () => history && new DynamoDbMessageHistory(history.table));
  once(TOKENS.CONNECTION_POLICY, () => ({
    allowedOrigins,
    authentication: jwt && { ...jwt, verifier: get(TOKENS.TOKEN_VERIFIER) },
  }));
  root.registerInstance(TOKENS.MESSAGES_PER_MINUTE, messagesPerMinute);
  once(TOKENS.RAW_FORWARD, () =>
    rawForward ? (jwt === undefined ? "everyone" : "registered") : "nobody",
  );

  const store = () => get(TOKENS.CONNECTION_STORE);
  const clock = () => get(TOKENS.CLOCK);
  const ports = () => [store(), get(TOKENS.MESSAGE_SENDER), clock(), get(TOKENS.WAIT)] as const;
  // Whom a presence frame finds gone is removed in silence: to notify others of that could go on without an end.
  once(Presence, () => new Presence(store(), new Delivery(...ports()), clock(), presenceWatchers));
  once(Removal, () => new Removal(store(), get(Presence), clock()));
  once(Delivery, () => new Delivery(...ports(), (id, options) => get(Removal).remove(id, options)));
  once(FanOut, () => new FanOut(store(), get(Delivery), clock()));
  once(Registrations, () => new Registrations(store(), clock()));
  const retention = (history?.hours ?? 0) * HOUR;
  once(TOKENS.HISTORY_READER, () => {
    const kept = get(TOKENS.MESSAGE_HISTORY);
    return kept && new HistoryReader(kept, clock(), retention);
  });
  once(TOKENS.HISTORY_WRITER, () => {
    const kept = get(TOKENS.MESSAGE_HISTORY);
    return kept && new HistoryWriter(kept, clock(), retention, groupMessageBytes);
  });
  once(
    EnvelopeDelivery,
    () =>
      new EnvelopeDelivery(
        get(Registrations),
        get(Delivery),
        get(FanOut),
        clock(),
        groupMessageBytes,
        get(TOKENS.HISTORY_WRITER),
      ),
  );
  return root;
}

/** Every use case, with what the container has for it, behind its route. */
export function createRoutes(root: DependencyContainer, log: Log): Routes {
  const get = <T>(key: InjectionToken<T>): T => root.resolve(key);
  const envelopes = get(EnvelopeDelivery);
  const policy = get(TOKENS.CONNECTION_POLICY);
  const parts: Parts = {
    store: get(TOKENS.CONNECTION_STORE),
    sender: get(TOKENS.MESSAGE_SENDER),
    clock: get(TOKENS.CLOCK),
    wait: get(TOKENS.WAIT),
    registrations: get(Registrations),
    delivery: get(Delivery),
    presence: get(Presence),
    removal: get(Removal),
    authentication: policy.authentication,
    history: get(TOKENS.HISTORY_READER),
  };
  const { store, clock, registrations, delivery, presence, removal, history } = parts;

  const connect = new Connect(store, presence, clock, policy);
  const disconnect = new Disconnect(removal);
  const rawForward = get(TOKENS.RAW_FORWARD);
  const relay = new Relay(registrations, delivery, envelopes, clock, rawForward, history);
  const subscribe = new Subscribe(parts);
  const unsubscribe = new Unsubscribe(parts);
  const listMembers = new ListMembers(parts);
  const readHistory = new ReadHistory(parts);

  const publish = new Publish(envelopes);
  const disconnectTargets = new DisconnectTargets(parts);
  const unsubscribeTargets = new UnsubscribeTargets(parts);
  const perMinute = get(TOKENS.MESSAGES_PER_MINUTE);
  const limit = perMinute === 0 ? undefined : new MessageLimit(parts, perMinute);
  const route = (useCase: MessageUseCase) => messageRoute(limit?.limit(useCase) ?? useCase, log);
  return {
    connect: connectRoute(connect, log),
    disconnect: disconnectRoute(disconnect, log),
    messages: {
      [SEND_MESSAGE_ACTION]: route(relay),
      [SUBSCRIBE_ACTION]: route(subscribe),
      [UNSUBSCRIBE_ACTION]: route(unsubscribe),
      [MEMBERS_ACTION]: route(listMembers),
      [HISTORY_ACTION]: route(readHistory),
    },
    unknown: unknownRoute,
    backend: {
      publish: backendRoute((input) => publish.execute(input), log),
      disconnect: backendRoute((input) => disconnectTargets.execute(input), log),
      unsubscribe: backendRoute((input) => unsubscribeTargets.execute(input), log),
      members: backendRoute((input) => listMembers.executeForBackend(input), log),
      history: backendRoute((input) => readHistory.executeForBackend(input), log),
    },
    ambiguous: ambiguousRoute,
  };
}
