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
import { DynamoDbFanOutStore } from "../adapters/dynamodb-fan-out-store.ts";
import { DynamoDbMessageHistory } from "../adapters/dynamodb-message-history.ts";
import { JwtTokenVerifier } from "../adapters/jwt-token-verifier.ts";
import { LambdaJobQueue } from "../adapters/lambda-job-queue.ts";
import type { MessageUseCase } from "../domain/answer.ts";
import { FAN_OUT_SIZES, type FanOutSizes } from "../domain/fan-out/large-fan-out.ts";
import type { FanOutStore, JobQueue } from "../domain/fan-out/ports.ts";
import { MessageLimit } from "../domain/message-limit.ts";
import { createParts } from "../domain/parts.ts";
import type {
  Clock,
  ConnectionStore,
  MessageHistory,
  MessageSender,
  TokenVerifier,
  Wait,
} from "../domain/ports.ts";
import { Connect } from "../domain/use-cases/connect.ts";
import { Disconnect } from "../domain/use-cases/disconnect.ts";
import { DisconnectTargets } from "../domain/use-cases/disconnect-targets.ts";
import { ListMembers } from "../domain/use-cases/list-members.ts";
import { Publish } from "../domain/use-cases/publish.ts";
import { ReadHistory } from "../domain/use-cases/read-history.ts";
import { Relay } from "../domain/use-cases/relay.ts";
import { Subscribe } from "../domain/use-cases/subscribe.ts";
import { Unsubscribe } from "../domain/use-cases/unsubscribe.ts";
import { UnsubscribeTargets } from "../domain/use-cases/unsubscribe-targets.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import type { Measure } from "./metrics.ts";
import {
  ambiguousRoute,
  backendRoute,
  connectRoute,
  disconnectRoute,
  jobRoute,
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
  MESSAGE_HISTORY: token<MessageHistory | undefined>("MessageHistory"),
  FAN_OUT_STORE: token<FanOutStore>("FanOutStore"),
  JOB_QUEUE: token<JobQueue>("JobQueue"),
  FAN_OUT_SIZES: token<FanOutSizes>("FanOutSizes"),
  CONFIG: token<Config>("Config"),
} as const;

function token<T>(name: string): InjectionToken<T> {
  return Symbol(name);
}

/** In milliseconds. */
const HOUR = 60 * 60_000;

/**
 * Makes a container of its own, with the adapters behind the ports. A test may register something else under one of the tokens
 * before it resolves anything.
 */
export function createContainer(config: Config): DependencyContainer {
  const root = container.createChildContainer();
  const { connectionsTable, managementEndpoint, jwt, history } = config;
  const once = <T>(key: InjectionToken<T>, make: () => NoInfer<T>) =>
    root.register(key, { useFactory: instanceCachingFactory(make) });

  once(TOKENS.CLOCK, () => Date.now);
  // Node has this in a module, which each cold start would load for the rare wait.
  once(TOKENS.WAIT, () => (time) => new Promise((resolve) => setTimeout(resolve, time)));
  once(TOKENS.CONNECTION_STORE, () => new DynamoDbConnectionStore(connectionsTable));
  once(TOKENS.MESSAGE_SENDER, () => new ApiGatewayMessageSender({ endpoint: managementEndpoint }));
  once(TOKENS.MESSAGE_HISTORY, () => history && new DynamoDbMessageHistory(history.table));
  once(TOKENS.FAN_OUT_STORE, () => new DynamoDbFanOutStore(connectionsTable));
  once(TOKENS.JOB_QUEUE, () => new LambdaJobQueue(config.functionName));
  root.registerInstance(TOKENS.FAN_OUT_SIZES, FAN_OUT_SIZES);
  if (jwt !== undefined) {
    once(TOKENS.TOKEN_VERIFIER, () => new JwtTokenVerifier(jwt));
  }
  root.registerInstance(TOKENS.CONFIG, config);
  return root;
}

/** Every use case, with what the container has for it, behind its route. Without `measure` there are no metrics. */
export function createRoutes(
  root: DependencyContainer,
  log: Log,
  measure: Measure = () => {},
): Routes {
  const get = <T>(key: InjectionToken<T>): T => root.resolve(key);
  const config = get(TOKENS.CONFIG);
  const { jwt, history } = config;
  const parts = createParts({
    ...config,
    store: get(TOKENS.CONNECTION_STORE),
    sender: get(TOKENS.MESSAGE_SENDER),
    clock: get(TOKENS.CLOCK),
    wait: get(TOKENS.WAIT),
    messages: get(TOKENS.MESSAGE_HISTORY),
    retention: (history?.hours ?? 0) * HOUR,
    authentication: jwt && { ...jwt, verifier: get(TOKENS.TOKEN_VERIFIER) },
    fanOuts: get(TOKENS.FAN_OUT_STORE),
    jobs: get(TOKENS.JOB_QUEUE),
    fanOut: { ...get(TOKENS.FAN_OUT_SIZES), perSecond: config.fanOutPerSecond },
  });
  const listMembers = new ListMembers(parts);
  const readHistory = new ReadHistory(parts);
  const perMinute = config.messagesPerMinute;
  const limit = perMinute === 0 ? undefined : new MessageLimit(parts, perMinute);
  const route = (useCase: MessageUseCase) =>
    messageRoute(limit?.limit(useCase) ?? useCase, log, measure);
  return {
    connect: connectRoute(new Connect(parts), log, measure),
    disconnect: disconnectRoute(new Disconnect(parts), log, measure),
    messages: {
      [SEND_MESSAGE_ACTION]: route(new Relay(parts)),
      [SUBSCRIBE_ACTION]: route(new Subscribe(parts)),
      [UNSUBSCRIBE_ACTION]: route(new Unsubscribe(parts)),
      [MEMBERS_ACTION]: route(listMembers),
      [HISTORY_ACTION]: route(readHistory),
    },
    unknown: unknownRoute,
    backend: {
      publish: backendRoute(new Publish(parts), log, measure),
      disconnect: backendRoute(new DisconnectTargets(parts), log, measure),
      unsubscribe: backendRoute(new UnsubscribeTargets(parts), log, measure),
      members: backendRoute(listMembers.forBackends, log, measure),
      history: backendRoute(readHistory.forBackends, log, measure),
      fanOut: jobRoute(parts, log, measure),
    },
    ambiguous: ambiguousRoute,
  };
}
