import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { type WsClient, wsConnect } from "../support/ws-connect.ts";

const ROUTES = { $disconnect: {}, $default: {} };

test.each<[string, (client: WsClient) => void, number, string]>([
  [
    "the client closes without a code",
    ({ webSocket }) => webSocket.close(),
    1005,
    "Client-side close frame status not set",
  ],
  ["a page is left", ({ webSocket }) => webSocket.close(1001), 1001, ""],
  ["the client closes with a code", ({ webSocket }) => webSocket.close(4000), 4000, ""],
  ["the client says why", ({ webSocket }) => webSocket.close(4000, "done"), 4000, "done"],
  [
    "the network is lost",
    ({ webSocket }) => webSocket.terminate(),
    1006,
    "Connection closed abnormally",
  ],
])("$disconnect has code and reason when %s", async (_, leave, code, reason) => {
  await using gateway = await startGateway({ routes: ROUTES });
  leave(await wsConnect(gateway.url));
  expect((await gateway.events.take()).requestContext).toMatchObject({
    routeKey: "$disconnect",
    disconnectStatusCode: code,
    disconnectReason: reason,
  });
});

test("$disconnect runs once the connection has closed", async () => {
  await using gateway = await startGateway({ routes: ROUTES });
  const client = await wsConnect(gateway.url);
  client.webSocket.close();
  await gateway.events.take();
  expect(gateway.gateway.connections).toBe(0);
  expect(await client.closed).toMatchObject({ code: 1005 });
});

test("a $disconnect that fails disturbs no other connection", async () => {
  await using gateway = await startGateway({
    routes: { $disconnect: {}, $default: { twoWay: true } },
    answer: ({ body }) =>
      body === undefined
        ? { outcome: "failed", errorType: "Error", errorMessage: "no" }
        : returns({ statusCode: 200, body }),
  });
  const [leaving, staying] = [await wsConnect(gateway.url), await wsConnect(gateway.url)];
  leaving.webSocket.close();
  await leaving.closed;
  staying.send("still here");
  expect(await staying.messages.take()).toBe("still here");
});

test("an API without $disconnect forgets its connections too", async () => {
  await using gateway = await startGateway({ routes: { $default: {} } });
  const client = await wsConnect(gateway.url);
  client.webSocket.close();
  await gateway.observations.take();
  expect(await gateway.observations.take()).toMatchObject({ kind: "disconnected" });
  expect(gateway.gateway.connections).toBe(0);
});
