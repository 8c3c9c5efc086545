import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { signedFetch } from "../support/signed-fetch.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

test("the stage $default is in the path, in the events and in the URL of the management API", async () => {
  await using server = await startGateway({ stage: "$default" });
  expect(server.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/\$default$/);
  const client = await wsConnect(server.url);
  const { requestContext } = await server.events.take();
  expect(requestContext).toMatchObject({ stage: "$default" });
  const api = new ApiGatewayManagementApiClient({
    region: "eu-west-1",
    endpoint: server.managementUrl,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const { connectionId: ConnectionId } = requestContext;
  await api.send(new PostToConnectionCommand({ ConnectionId, Data: "hello" }));
  expect(await client.messages.take()).toBe("hello");
});

test("the stage $default may be percent-encoded", async () => {
  await using server = await startGateway({ stage: "$default" });
  const client = await wsConnect(server.url.replace("$", "%24"));
  const { connectionId } = (await server.events.take()).requestContext;
  const url = `${server.managementUrl.replace("$", "%24")}/@connections/${encodeURIComponent(String(connectionId))}`;
  const posted = await signedFetch(url, { method: "POST", body: "hello" });
  expect(posted.status).toBe(200);
  expect(await client.messages.take()).toBe("hello");
});

test("another stage is not reached by the path of $default", async () => {
  await using server = await startGateway();
  for (const stage of ["$default", "%24default"]) {
    await expect(wsConnect(server.url.replace("live", stage))).rejects.toThrow("403");
  }
});
