import { ApiGatewayMessageSender } from "../../src/adapters/api-gateway-message-sender.ts";
import { createContainer, TOKENS } from "../../src/app/container.ts";
import { LateConnectionStore } from "../../src/app/late-connection-store.ts";
import { Connect } from "../../src/domain/use-cases/connect.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";

const CONFIG = {
  connectionsTable: "connections",
  managementEndpoint: "http://127.0.0.1:1/dev",
  allowedOrigins: [],
  jwt: undefined,
  rawForward: true,
};

describe("createContainer", () => {
  test("puts the AWS adapters behind the ports, one of each", () => {
    const container = createContainer(CONFIG);
    const store = container.resolve(TOKENS.CONNECTION_STORE);
    expect(store).toBeInstanceOf(LateConnectionStore);
    expect(container.resolve(TOKENS.CONNECTION_STORE)).toBe(store);
    expect(container.resolve(TOKENS.MESSAGE_SENDER)).toBeInstanceOf(ApiGatewayMessageSender);
  });

  test("gives the use cases what a test registers instead", async () => {
    const container = createContainer(CONFIG);
    const store = new InMemoryConnectionStore();
    container.registerInstance(TOKENS.CONNECTION_STORE, store);
    container.registerInstance(TOKENS.CLOCK, () => 5000);
    await container.resolve(Connect).execute({ connectionId: "alice=" });
    expect(store.connections.get("alice=")).toMatchObject({
      connectionId: "alice=",
      registeredAt: 5000,
      expiresAt: 7805,
    });
  });

  test("shares nothing with another container", () => {
    const one = createContainer(CONFIG).resolve(TOKENS.CONNECTION_STORE);
    const other = createContainer(CONFIG).resolve(TOKENS.CONNECTION_STORE);
    expect(one).not.toBe(other);
  });
});
