import {
  ApiGatewayManagementApiClient,
  GoneException,
  LimitExceededException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { rawConnection } from "../support/raw-connection.ts";
import { startGateway, type TestGatewayOptions } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

const PIECE = Buffer.alloc(128 * 1024, "x");

async function startWithClient(options: TestGatewayOptions) {
  const gateway = await startGateway(options);
  const sdk = new ApiGatewayManagementApiClient({
    region: "eu-west-1",
    endpoint: gateway.managementUrl,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const client = await wsConnect(gateway.url);
  const { connectionId } = (await gateway.events.take()).requestContext;
  const post = () =>
    sdk.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: PIECE }));
  return {
    ...gateway,
    client,
    /** Posts again and again, at most 64 MB, and gives the first failure. */
    postUntilItFails: async (): Promise<unknown> => {
      try {
        for (let posts = 0; posts < 512; posts += 1) {
          await post();
        }
      } catch (error) {
        return error;
      }
      return undefined;
    },
    [Symbol.asyncDispose]: async () => {
      client.webSocket.terminate();
      sdk.destroy();
      await gateway.gateway.close();
    },
  };
}

test("a client that never reads is rejected posts, then closed with 1008", async () => {
  await using gateway = await startWithClient({ unreadTimeout: 0.05 });
  gateway.client.webSocket.pause();
  expect(await gateway.postUntilItFails()).toBeInstanceOf(LimitExceededException);
  expect((await gateway.events.take()).requestContext).toMatchObject({
    routeKey: "$disconnect",
    disconnectStatusCode: 1008,
  });
  expect(await gateway.postUntilItFails()).toBeInstanceOf(GoneException);
  let observation = await gateway.observations.take();
  while (observation.kind !== "disconnected") {
    observation = await gateway.observations.take();
  }
  expect(observation.cause.explanation).toBe(
    "more than 1 MB has waited for 0.05 s: the client does not read",
  );
});

test("a client that reads in time is not closed", async () => {
  await using gateway = await startWithClient({ unreadTimeout: 3600 });
  const { client } = gateway;
  client.webSocket.pause();
  expect(await gateway.postUntilItFails()).toBeInstanceOf(LimitExceededException);
  client.webSocket.resume();
  let failure = await gateway.postUntilItFails();
  while (failure instanceof LimitExceededException && client.messages.size < 100) {
    await client.messages.take();
    failure = await gateway.postUntilItFails();
  }
  expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
  // It signs thousands of posts, which takes long on a busy machine.
}, 60_000);

test("a client that pings and never reads is closed with 1008", async () => {
  await using gateway = await startGateway({ unreadTimeout: 0.05 });
  const { socket } = await rawConnection(gateway.port, "/live");
  socket.on("error", () => {});
  socket.pause();
  // A ping of 125 bytes, masked with zeros.
  const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125)]);
  const many = Buffer.concat(Array.from({ length: 2000 }, () => ping));
  const flood = () => {
    while (!socket.destroyed && socket.write(many)) {}
  };
  socket.on("drain", flood);
  flood();
  let event = await gateway.events.take();
  while (event.requestContext.eventType !== "DISCONNECT") {
    event = await gateway.events.take();
  }
  expect(event.requestContext.disconnectStatusCode).toBe(1008);
  socket.destroy();
});
