import { returns } from "../support/returns.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

test("a stop closes every connection with 1001 and runs each $disconnect to its end", async () => {
  const ended: string[] = [];
  await using gateway = await startGateway({
    answer: async ({ requestContext: { eventType, connectionId } }) => {
      if (eventType === "DISCONNECT") {
        await signedFetch(`${gateway.managementUrl}/@connections/${connectionId}`);
        ended.push(connectionId);
      }
      return returns({ statusCode: 200 });
    },
  });
  const clients = [await wsConnect(gateway.url), await wsConnect(gateway.url)];
  await gateway.gateway.close();
  expect(ended).toHaveLength(2);
  for (const client of clients) {
    expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  }
});

test("a stop does not wait for a client that does not close, nor for a function that hangs", async () => {
  await using gateway = await startGateway({
    answer: ({ requestContext: { eventType } }) =>
      eventType === "CONNECT" ? returns({ statusCode: 200 }) : new Promise(() => {}),
  });
  const client = await wsConnect(gateway.url);
  client.webSocket.pause();
  const begin = performance.now();
  await gateway.gateway.close();
  expect(performance.now() - begin).toBeLessThan(4900);
  client.webSocket.terminate();
});

test("a stop rejects the upgrades that wait, and their $connect gets its $disconnect", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using gateway = await startGateway({
    answer: () => promise.then(() => returns({ statusCode: 200 })),
  });
  const rejection = wsRejection(gateway.url);
  await gateway.events.take();
  const closed = gateway.gateway.close();
  expect(await rejection).toMatchObject({ status: 503 });
  resolve();
  await closed;
  expect((await gateway.events.take()).requestContext).toMatchObject({
    eventType: "DISCONNECT",
    disconnectStatusCode: 1006,
  });
});

test("a gateway that stops rejects every client", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using gateway = await startGateway({
    answer: ({ requestContext: { eventType } }) =>
      promise.then(() => returns({ statusCode: eventType === "CONNECT" ? 403 : 200 })),
  });
  const waiting = wsRejection(gateway.url);
  await gateway.events.take();
  const closed = gateway.gateway.close();
  expect(await wsRejection(gateway.url)).toMatchObject({ status: 503 });
  resolve();
  await Promise.all([waiting, closed]);
  await expect(fetch(gateway.managementUrl)).rejects.toThrow("fetch failed");
});

test("stopping twice is one stop", async () => {
  await using gateway = await startGateway();
  await wsConnect(gateway.url);
  await Promise.all([gateway.gateway.close(), gateway.gateway.close()]);
  const eventTypes = [];
  while (gateway.events.size > 0) {
    eventTypes.push((await gateway.events.take()).requestContext.eventType);
  }
  expect(eventTypes).toEqual(["CONNECT", "DISCONNECT"]);
});
