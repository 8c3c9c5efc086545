import { GoneException } from "@aws-sdk/client-apigatewaymanagementapi";
import { wsConnect } from "../support/ws-connect.ts";
import { startFaultyGateway } from "./start-faulty-gateway.ts";

test("dropDisconnect loses the event, and the connection is gone all the same", async () => {
  await using gateway = await startFaultyGateway({ dropDisconnect: 1 });
  const { client, connectionId } = gateway;
  client.webSocket.close();
  await client.closed;
  const subject = "$disconnect";
  expect(await gateway.triggers.take()).toEqual({ fault: "dropDisconnect", subject, connectionId });
  await expect(gateway.post("late")).rejects.toBeInstanceOf(GoneException);
  await gateway.gateway.close();
  expect(gateway.events.size).toBe(0);
});

test("delayDisconnect lets the event wait, at most until the gateway stops", async () => {
  await using gateway = await startFaultyGateway({
    delayDisconnect: { share: 1, milliseconds: 3e6 },
  });
  gateway.client.webSocket.close(3000, "done");
  expect((await gateway.triggers.take()).fault).toBe("delayDisconnect");
  // A client that connects afterwards is served first.
  await wsConnect(gateway.url);
  expect((await gateway.events.take()).requestContext.routeKey).toBe("$connect");
  expect(gateway.events.size).toBe(0);
  await gateway.gateway.close();
  expect((await gateway.events.take()).requestContext).toMatchObject({
    routeKey: "$disconnect",
    connectionId: gateway.connectionId,
    disconnectStatusCode: 3000,
  });
});

test("delayDisconnect lets the event come when its time is over", async () => {
  await using gateway = await startFaultyGateway({
    delayDisconnect: { share: 1, milliseconds: 1 },
  });
  gateway.client.webSocket.close();
  expect((await gateway.events.take()).requestContext.routeKey).toBe("$disconnect");
  expect(gateway.triggers.size).toBe(1);
});

test("duplicateEvent delivers the very same event twice", async () => {
  await using gateway = await startFaultyGateway({ duplicateEvent: 1 });
  const { client, connectionId, events } = gateway;
  expect(await gateway.triggers.take()).toEqual({
    fault: "duplicateEvent",
    subject: "$connect",
    connectionId,
  });
  expect((await events.take()).requestContext.routeKey).toBe("$connect");
  client.send("once");
  const first = await events.take();
  expect(first.body).toBe("once");
  expect(await events.take()).toEqual(first);
  client.webSocket.close();
  const disconnect = await events.take();
  expect(disconnect.requestContext.routeKey).toBe("$disconnect");
  expect(await events.take()).toEqual(disconnect);
});
