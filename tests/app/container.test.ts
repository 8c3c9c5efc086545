import type { Context } from "aws-lambda";
import { ApiGatewayMessageSender } from "../../src/adapters/api-gateway-message-sender.ts";
import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { createContainer, createRoutes, TOKENS } from "../../src/app/container.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { readEvent } from "../support/read-event.ts";

const CONFIG = {
  connectionsTable: "connections",
  managementEndpoint: "http://127.0.0.1:1/dev",
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
};

describe("createContainer", () => {
  test("puts the AWS adapters behind the ports, one of each", () => {
    const container = createContainer(CONFIG);
    const store = container.resolve(TOKENS.CONNECTION_STORE);
    expect(store).toBeInstanceOf(DynamoDbConnectionStore);
    expect(container.resolve(TOKENS.CONNECTION_STORE)).toBe(store);
    expect(container.resolve(TOKENS.MESSAGE_SENDER)).toBeInstanceOf(ApiGatewayMessageSender);
  });

  test("gives the use cases what a test registers instead", async () => {
    const container = createContainer(CONFIG);
    const store = new InMemoryConnectionStore();
    container.registerInstance(TOKENS.CONNECTION_STORE, store);
    container.registerInstance(TOKENS.CLOCK, () => 5000);
    const event = readEvent("connect");
    await createRoutes(container, () => {}).connect(event, {
      getRemainingTimeInMillis: () => 1000,
    } as Context);
    expect([...store.connections.values()]).toMatchObject([
      {
        connectionId: event.requestContext.connectionId,
        registeredAt: 5000,
        expiresAt: 7_805_000,
      },
    ]);
  });

  test("shares nothing with another container", () => {
    const one = createContainer(CONFIG).resolve(TOKENS.CONNECTION_STORE);
    const other = createContainer(CONFIG).resolve(TOKENS.CONNECTION_STORE);
    expect(one).not.toBe(other);
  });
});
