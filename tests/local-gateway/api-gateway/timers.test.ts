import { once } from "node:events";
import { returns } from "../support/returns.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

const ROUTES = { $disconnect: {}, $default: { twoWay: true } };
const GOING_AWAY = { code: 1001, reason: "Going away" };

test("a connection without traffic is closed when the idle timeout is over", async () => {
  await using gateway = await startGateway({ routes: ROUTES, idleTimeout: 0.05 });
  const client = await wsConnect(gateway.url);
  expect(await client.closed).toEqual(GOING_AWAY);
  expect((await gateway.events.take()).requestContext).toMatchObject({
    routeKey: "$disconnect",
    disconnectStatusCode: 1001,
    disconnectReason: "Going away",
  });
});

test("a connection is closed when its duration is over, whatever it does", async () => {
  await using gateway = await startGateway({
    routes: ROUTES,
    connectionDuration: 0.2,
    answer: ({ body }) => returns({ statusCode: 200, body }),
  });
  const client = await wsConnect(gateway.url);
  client.webSocket.on("message", () => client.send("again"));
  client.send("first");
  expect(await client.closed).toEqual(GOING_AWAY);
});

test("a connection that had traffic is closed when it has none any more", async () => {
  await using gateway = await startGateway({ routes: ROUTES, idleTimeout: 0.1 });
  const client = await wsConnect(gateway.url);
  client.send("once");
  expect(await client.closed).toEqual(GOING_AWAY);
});

test("a connection that is kept open by its traffic is closed when its duration is over", async () => {
  await using gateway = await startGateway({
    routes: { $default: { twoWay: true } },
    idleTimeout: 0.5,
    connectionDuration: 1.2,
    answer: ({ body }) => returns({ statusCode: 200, body }),
  });
  const client = await wsConnect(gateway.url);
  client.webSocket.on("message", () => client.send("again"));
  client.send("first");
  expect(await client.closed).toEqual(GOING_AWAY);
  let observation = await gateway.observations.take();
  while (observation.kind !== "disconnected") {
    observation = await gateway.observations.take();
  }
  expect(observation.cause.explanation).toMatch(/^open for 1\.2 s/);
});

test("pings do not keep a connection open", async () => {
  await using gateway = await startGateway({ routes: ROUTES, idleTimeout: 0.2 });
  const client = await wsConnect(gateway.url);
  client.webSocket.on("pong", () => client.webSocket.ping());
  client.webSocket.ping();
  expect(await client.closed).toEqual(GOING_AWAY);
});

test("messages keep a connection open", async () => {
  await using gateway = await startGateway({ routes: ROUTES, idleTimeout: 0.5 });
  const client = await wsConnect(gateway.url);
  const end = performance.now() + 800;
  while (performance.now() < end) {
    client.send("still here");
    await client.messages.take();
  }
  expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
});

test("posts keep a connection open", async () => {
  await using gateway = await startGateway({ idleTimeout: 0.5 });
  const client = await wsConnect(gateway.url);
  const { connectionId } = (await gateway.events.take()).requestContext;
  const end = performance.now() + 800;
  while (performance.now() < end) {
    const url = `${gateway.managementUrl}/@connections/${connectionId}`;
    await signedFetch(url, { method: "POST", body: "still there" });
    await client.messages.take();
  }
  expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
});

test("a client that does not take part in the close is cut off", async () => {
  await using gateway = await startGateway({ routes: ROUTES, idleTimeout: 0.05 });
  const client = await wsConnect(gateway.url);
  client.webSocket.pause();
  expect((await gateway.events.take()).requestContext).toMatchObject({
    routeKey: "$disconnect",
    disconnectStatusCode: 1001,
  });
  client.webSocket.resume();
  await once(client.webSocket, "close");
});

test.each([
  [{ idleTimeout: 0.05 }, "no traffic for 0.05 s; API Gateway closes after 10 idle minutes"],
  [
    { connectionDuration: 0.05 },
    "open for 0.05 s; API Gateway closes every connection after 2 hours",
  ],
])("the console learns why a connection with %j was closed", async (limits, explanation) => {
  await using gateway = await startGateway({ routes: {}, ...limits });
  const client = await wsConnect(gateway.url);
  await client.closed;
  expect((await gateway.observations.take()).kind).toBe("connected");
  expect(await gateway.observations.take()).toMatchObject({
    kind: "disconnected",
    cause: { explanation },
  });
});
