import { startLocalGateway } from "../../local-gateway/index.ts";
import { wsConnect } from "../local-gateway/support/ws-connect.ts";

test("while DynamoDB is away connects are rejected with 500, pairs go on talking, and then connects work again", async () => {
  await using started = new AsyncDisposableStack();
  const gateway = await startLocalGateway({ template: "template.yaml", onLine: () => {} });
  started.defer(() => gateway.close());
  const alice = await wsConnect(gateway.url);
  const bob = await wsConnect(gateway.url);
  bob.send('{"action":"sendMessageRoute"}');
  const forward = (await bob.messages.take()).replace("YOUR ID: ", "");

  await gateway.dynamodb.stopListening();
  await expect(wsConnect(gateway.url)).rejects.toThrow("Unexpected server response: 500");
  alice.send(JSON.stringify({ action: "sendMessageRoute", data: "still here?", forward }));
  expect(await bob.messages.take()).toBe("still here?");

  await gateway.dynamodb.listen();
  const carol = await wsConnect(gateway.url);
  carol.send(JSON.stringify({ action: "sendMessageRoute", data: "here I am", forward }));
  expect(await bob.messages.take()).toBe("here I am");
});
