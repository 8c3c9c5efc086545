import { ApiGatewayMessageSender } from "../../src/adapters/api-gateway-message-sender.ts";
import { startGateway } from "../local-gateway/support/start-gateway.ts";
import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { messageSenderContract } from "./message-sender-contract.ts";

let started: Awaited<ReturnType<typeof startGateway>>;

beforeEach(async () => {
  started = await startGateway();
});

afterEach(() => started.gateway.close());

messageSenderContract("ApiGatewayMessageSender on the local gateway", async () => {
  const { gateway, url, managementUrl, events } = started;
  return {
    sender: new ApiGatewayMessageSender({
      region: "eu-west-1",
      endpoint: managementUrl,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
    async connect() {
      const client = await wsConnect(url);
      const { connectionId } = (await events.take()).requestContext;
      return {
        connectionId,
        take: () => client.messages.take(),
        async close() {
          client.webSocket.close();
          await client.closed;
        },
      };
    },
    breakDown: () => gateway.close(),
  };
});
