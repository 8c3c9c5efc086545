import type { Context } from "aws-lambda";
import { ApiGatewayMessageSender } from "../../src/adapters/api-gateway-message-sender.ts";
import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { createContainer, createRoutes, TOKENS } from "../../src/app/container.ts";
import { createHandler } from "../../src/app/create-handler.ts";
import type { WebSocketEvent } from "../../src/app/event.ts";
import type { Connection, Membership } from "../../src/domain/connection.ts";
import { Inbox } from "../local-gateway/support/inbox.ts";
import type { RecordedEvent } from "../local-gateway/support/recorded-event.ts";
import { returns } from "../local-gateway/support/returns.ts";
import { startGateway } from "../local-gateway/support/start-gateway.ts";
import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";

/** The real store, except that a registration, once it is made, is confirmed only when the test says so. */
class HeldConnectionStore extends DynamoDbConnectionStore {
  readonly registered = new Inbox<{ connectionId: string; confirm: () => void }>();

  override async add(connection: Connection, memberships: readonly Membership[]): Promise<void> {
    await super.add(connection, memberships);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.registered.put({ connectionId: connection.connectionId, confirm: resolve });
    await promise;
  }
}

test("a forward to a connection that is still connecting brings TARGET_GONE, and a moment later it is reachable", async () => {
  await using database = await startRelayDatabase();
  const store = new HeldConnectionStore(database.tableName, database.client);
  let invoke: (event: RecordedEvent) => Promise<unknown> = async () => undefined;
  await using started = await startGateway({
    routes: { $connect: {}, $disconnect: {}, sendMessageRoute: {} },
    answer: async (event) => returns(await invoke(event)),
  });
  const { url, managementUrl } = started;
  const { credentials } = database.client;
  const sender = new ApiGatewayMessageSender({
    region: "eu-west-1",
    endpoint: managementUrl,
    credentials,
  });
  const container = createContainer({
    connectionsTable: database.tableName,
    managementEndpoint: managementUrl,
    allowedOrigins: [],
    jwt: undefined,
    rawForward: true,
    presenceWatchers: 0,
    messagesPerMinute: 0,
    functionName: "relay",
    fanOutPerSecond: 2000,
    groupMessageBytes: 131_072,
    history: undefined,
    metrics: false,
  });
  container.registerInstance(TOKENS.CONNECTION_STORE, store);
  container.registerInstance(TOKENS.MESSAGE_SENDER, sender);
  const handler = createHandler(
    createRoutes(container, () => {}),
    () => {},
  );
  // The recorded event is the whole of what API Gateway sends; the handler reads a part of it.
  invoke = (event) =>
    handler(event as WebSocketEvent, { getRemainingTimeInMillis: () => 26_000 } as Context);

  const aliceConnects = wsConnect(url);
  (await store.registered.take()).confirm();
  const alice = await aliceConnects;
  const bobConnects = wsConnect(url);
  const { connectionId: forward, confirm } = await store.registered.take();

  const message = JSON.stringify({ action: "sendMessageRoute", data: "hi", forward });
  alice.send(message);
  expect(JSON.parse(await alice.messages.take())).toMatchObject({ code: "TARGET_GONE" });

  confirm();
  const bob = await bobConnects;
  alice.send(message);
  expect(await bob.messages.take()).toBe("hi");

  // Only its row shows that Bob is registered: it must not have been removed.
  expect(await database.connectionIds()).toContain(forward);
});
