import {
  ApiGatewayManagementApiServiceException,
  GoneException,
  LimitExceededException,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { startFaultyGateway } from "./start-faulty-gateway.ts";

test.each([
  ["postGone", GoneException, 410],
  ["postThrottled", LimitExceededException, 429],
  ["postError", ApiGatewayManagementApiServiceException, 500],
] as const)("%s answers as AWS does, and nothing is sent", async (name, error, status) => {
  await using gateway = await startFaultyGateway({ [name]: 1 });
  const { connectionId, client } = gateway;
  const failure = await gateway.post("lost").catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(error);
  expect(failure).toMatchObject({ $metadata: { httpStatusCode: status } });
  expect(await gateway.triggers.take()).toEqual({ fault: name, subject: "POST", connectionId });
  expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
  await gateway.gateway.close();
  await client.closed;
  expect(client.messages.size).toBe(0);
});

test("slowPost sends at once and answers late", async () => {
  await using gateway = await startFaultyGateway({ slowPost: { share: 1, milliseconds: 3e6 } });
  const posting = gateway.post("hello").then(() => "answered");
  expect(await gateway.client.messages.take()).toBe("hello");
  expect(gateway.triggers.size).toBe(1);
  await fetch(gateway.managementUrl);
  expect(await Promise.race([posting, Promise.resolve("waiting")])).toBe("waiting");
  // A gateway that stops ends every delay.
  await gateway.gateway.close();
  expect(await posting).toBe("answered");
});

test("slowPost answers when its time is over", async () => {
  await using gateway = await startFaultyGateway({ slowPost: { share: 1, milliseconds: 30 } });
  const begin = performance.now();
  await gateway.post("hello");
  expect(performance.now() - begin).toBeGreaterThan(28);
});

test("cutPost sends, and its caller gets no answer", async () => {
  await using gateway = await startFaultyGateway({ cutPost: 1 });
  await expect(gateway.post("hello")).rejects.toThrow("socket hang up");
  expect(await gateway.client.messages.take()).toBe("hello");
  expect((await gateway.triggers.take()).fault).toBe("cutPost");
});

test("a post that may not be made is rejected, whatever the faults are", async () => {
  await using gateway = await startFaultyGateway({ postGone: 1 });
  const url = `${gateway.managementUrl}/@connections/${gateway.connectionId}`;
  expect((await fetch(url, { method: "POST", body: "unsigned" })).status).toBe(403);
  expect(gateway.triggers.size).toBe(0);
});
