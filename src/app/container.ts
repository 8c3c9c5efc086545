// tsyringe does not load without it, though nothing here uses decorators.
import "reflect-metadata";
import {
  container,
  type DependencyContainer,
  type InjectionToken,
  instanceCachingFactory,
} from "tsyringe";
import { ApiGatewayMessageSender } from "../adapters/api-gateway-message-sender.ts";
import { JwtTokenVerifier } from "../adapters/jwt-token-verifier.ts";
import { Delivery } from "../domain/delivery.ts";
import { EnvelopeDelivery } from "../domain/envelope-delivery.ts";
import { FanOut } from "../domain/fan-out.ts";
import type {
  Clock,
  ConnectionStore,
  MessageSender,
  TokenVerifier,
  Wait,
} from "../domain/ports.ts";
import { Registrations } from "../domain/registrations.ts";
import { type Admission, Connect } from "../domain/use-cases/connect.ts";
import { Disconnect } from "../domain/use-cases/disconnect.ts";
import { Publish } from "../domain/use-cases/publish.ts";
import { type RawForward, Relay } from "../domain/use-cases/relay.ts";
import { Unknown } from "../domain/use-cases/unknown.ts";
import type { Config } from "./config.ts";
import { LateConnectionStore } from "./late-connection-store.ts";

/**
 * The composition root: the one place that knows every adapter. Each call makes a container of its own, in which a
 * test may register something else under one of the tokens before it resolves anything.
 */
export function createContainer(config: Config): DependencyContainer {
  const root = container.createChildContainer();
  const store = () => root.resolve<ConnectionStore>(TOKENS.CONNECTION_STORE);
  const sender = () => root.resolve<MessageSender>(TOKENS.MESSAGE_SENDER);
  const clock = () => root.resolve<Clock>(TOKENS.CLOCK);

  const { allowedOrigins, jwt, rawForward } = config;
  const admission = (): Admission => ({
    allowedOrigins,
    authentication: jwt && {
      verifier: root.resolve<TokenVerifier>(TOKENS.TOKEN_VERIFIER),
      userClaim: jwt.userClaim,
      channelsClaim: jwt.channelsClaim,
    },
  });

  const senders = jwt === undefined ? "everyone" : "registered";
  const rawForwardPolicy: RawForward = rawForward ? senders : "nobody";

  const once = <T>(token: InjectionToken<T>, make: () => T) =>
    root.register(token, { useFactory: instanceCachingFactory(make) });

  once<Clock>(TOKENS.CLOCK, () => Date.now);
  // Node has this in a module, which each cold start would load for the rare wait.
  once<Wait>(TOKENS.WAIT, () => (time) => new Promise((resolve) => setTimeout(resolve, time)));
  once<ConnectionStore>(
    TOKENS.CONNECTION_STORE,
    () =>
      new LateConnectionStore(async () => {
        const { DynamoDbConnectionStore } = await import(
          "../adapters/dynamodb-connection-store.ts"
        );
        return new DynamoDbConnectionStore(config.connectionsTable);
      }),
  );
  once<MessageSender>(
    TOKENS.MESSAGE_SENDER,
    () => new ApiGatewayMessageSender({ endpoint: config.managementEndpoint }),
  );
  if (jwt !== undefined) {
    once<TokenVerifier>(TOKENS.TOKEN_VERIFIER, () => new JwtTokenVerifier(jwt));
  }
  once(Delivery, () => new Delivery(store(), sender(), clock(), root.resolve<Wait>(TOKENS.WAIT)));
  once(FanOut, () => new FanOut(store(), root.resolve(Delivery), clock()));
  once(Registrations, () => new Registrations(store(), clock()));
  once(
    EnvelopeDelivery,
    () =>
      new EnvelopeDelivery(
        root.resolve(Registrations),
        root.resolve(Delivery),
        root.resolve(FanOut),
      ),
  );
  once(Connect, () => new Connect(store(), clock(), admission()));
  once(Disconnect, () => new Disconnect(store()));
  once(
    Relay,
    () =>
      new Relay(
        root.resolve(Registrations),
        root.resolve(Delivery),
        root.resolve(EnvelopeDelivery),
        clock(),
        rawForwardPolicy,
      ),
  );
  once(Publish, () => new Publish(root.resolve(EnvelopeDelivery), clock()));
  once(Unknown, () => new Unknown());
  return root;
}

/** The names under which the container holds the ports' adapters. Use cases are held under their own classes. */
export const TOKENS = {
  CONNECTION_STORE: Symbol("ConnectionStore"),
  MESSAGE_SENDER: Symbol("MessageSender"),
  TOKEN_VERIFIER: Symbol("TokenVerifier"),
  CLOCK: Symbol("Clock"),
  WAIT: Symbol("Wait"),
} as const;
