// tsyringe refuses to load without it, though nothing here uses decorators.
import "reflect-metadata";
import {
  container,
  type DependencyContainer,
  type InjectionToken,
  instanceCachingFactory,
} from "tsyringe";
import { ApiGatewayMessageSender } from "../adapters/api-gateway-message-sender.ts";
import { DynamoDbConnectionStore } from "../adapters/dynamodb-connection-store.ts";
import { Delivery } from "../domain/delivery.ts";
import type { Clock } from "../domain/ports/clock.ts";
import type { ConnectionStore } from "../domain/ports/connection-store.ts";
import type { MessageSender } from "../domain/ports/message-sender.ts";
import { Connect } from "../domain/use-cases/connect.ts";
import { Disconnect } from "../domain/use-cases/disconnect.ts";
import { Relay } from "../domain/use-cases/relay.ts";
import { Unknown } from "../domain/use-cases/unknown.ts";
import type { Config } from "./config.ts";
import { TOKENS } from "./tokens.ts";

/**
 * The composition root: the one place that knows every adapter. Each call makes a container of its own, in which a
 * test may register something else under one of the tokens before it resolves anything.
 */
export function createContainer(config: Config): DependencyContainer {
  const root = container.createChildContainer();
  const store = () => root.resolve<ConnectionStore>(TOKENS.CONNECTION_STORE);
  const sender = () => root.resolve<MessageSender>(TOKENS.MESSAGE_SENDER);
  const clock = () => root.resolve<Clock>(TOKENS.CLOCK);

  const once = <T>(token: InjectionToken<T>, make: () => T) =>
    root.register(token, { useFactory: instanceCachingFactory(make) });

  once<Clock>(TOKENS.CLOCK, () => Date.now);
  once<ConnectionStore>(
    TOKENS.CONNECTION_STORE,
    () => new DynamoDbConnectionStore(config.connectionsTable),
  );
  once<MessageSender>(
    TOKENS.MESSAGE_SENDER,
    () => new ApiGatewayMessageSender({ endpoint: config.managementEndpoint }),
  );
  once(Delivery, () => new Delivery(store(), sender(), clock()));
  once(Connect, () => new Connect(store(), clock()));
  once(Disconnect, () => new Disconnect(store()));
  once(Relay, () => new Relay(root.resolve(Delivery)));
  once(Unknown, () => new Unknown());
  return root;
}
