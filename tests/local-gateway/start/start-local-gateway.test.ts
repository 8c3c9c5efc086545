import { fileURLToPath } from "node:url";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  LocalGatewayError,
  type LocalGatewayOptions,
  startLocalGateway,
} from "../../../local-gateway/index.ts";
import { Inbox } from "../support/inbox.ts";
import { wsConnect } from "../support/ws-connect.ts";

const WITHOUT_TABLE = fileURLToPath(new URL("fixtures/guarded/template.yaml", import.meta.url));
const TEMPLATE = fileURLToPath(new URL("fixtures/echo/template.yaml", import.meta.url));

/** Starts the fixture's API, functions and tables; disposing stops them. */
async function start(options: Partial<LocalGatewayOptions> = {}) {
  const lines = new Inbox<string>();
  const gateway = await startLocalGateway({
    template: TEMPLATE,
    onLine: (line) => lines.put(line),
    ...options,
  });
  return { gateway, lines, [Symbol.asyncDispose]: () => gateway.close() };
}

test("a client talks to the template's function", async () => {
  await using started = await start();
  const client = await wsConnect(started.gateway.url);
  client.send("hello");
  expect(await client.messages.take()).toBe("hello");
  expect(started.gateway.connections).toBe(1);
});

test("the function reaches the management API", async () => {
  await using started = await start();
  const client = await wsConnect(started.gateway.url);
  client.send('{"action":"post"}');
  expect(await client.messages.take()).toMatch(/^posted to [\w-]{15}=$/);
});

test("the template's tables are in the embedded DynamoDB, which can be stopped and started again", async () => {
  await using started = await start({ region: "eu-west-1" });
  const { dynamodbUrl, tableNames, region, dynamodb } = started.gateway;
  const sdk = new DynamoDBClient({
    endpoint: dynamodbUrl,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const list = () => sdk.send(new ListTablesCommand());
  expect((await list()).TableNames).toEqual(["echoes"]);
  expect(tableNames).toEqual(["echoes"]);
  await dynamodb.stopListening();
  await expect(list()).rejects.toThrow();
  await dynamodb.listen();
  expect((await list()).TableNames).toEqual(["echoes"]);
  sdk.destroy();
});

test("without a table there is no DynamoDB, and calls of it are answered so", async () => {
  await using started = await start({ template: WITHOUT_TABLE });
  const { url, dynamodbUrl, tableNames, region } = started.gateway;
  expect(new URL(dynamodbUrl).host).toBe(new URL(url).host);
  expect(tableNames).toEqual([]);
  const sdk = new DynamoDBClient({
    endpoint: dynamodbUrl,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await expect(sdk.send(new ListTablesCommand())).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: expect.stringContaining("only when the template has a table"),
  });
  sdk.destroy();
});

test("parameters are overridden", async () => {
  await using started = await start({ parameterOverrides: { Stage: "other" } });
  expect(new URL(started.gateway.url).pathname).toBe("/other");
  expect(new URL(started.gateway.managementUrl).pathname).toBe("/other");
});

test("what happens is logged line by line, the function's own lines among them", async () => {
  await using started = await start();
  const client = await wsConnect(started.gateway.url);
  expect(await started.lines.take()).toMatch(/^EchoFunction \| .*\$connect ran/);
  expect(await started.lines.take()).toMatch(/^[\w-]{8} {2}connect +\d+ ms$/);
  client.webSocket.close();
});

test("only errors are logged when it is quiet", async () => {
  const lines: string[] = [];
  await using started = await start({ quiet: true, onLine: (line) => lines.push(line) });
  const client = await wsConnect(started.gateway.url);
  client.send("hello");
  await client.messages.take();
  await started.gateway.close();
  expect(lines).toEqual([]);
});

test("a stop closes with 1001 and waits for $disconnect", async () => {
  await using started = await start();
  const client = await wsConnect(started.gateway.url);
  await started.lines.take();
  await started.lines.take();
  await started.gateway.close();
  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  expect(await started.lines.take()).toMatch(/\$disconnect ran/);
  expect(await started.lines.take()).toMatch(/disconnect {2}closed 1001: the gateway stops$/);
  await expect(wsConnect(started.gateway.url)).rejects.toThrow("ECONNREFUSED");
  await expect(fetch(started.gateway.dynamodbUrl)).rejects.toThrow("fetch failed");
});

test("two gateways in one process are independent", async () => {
  await using one = await start();
  await using two = await start();
  await wsConnect(one.gateway.url);
  expect([one.gateway.connections, two.gateway.connections]).toEqual([1, 0]);
  await one.gateway.close();
  const client = await wsConnect(two.gateway.url);
  client.send("still here");
  expect(await client.messages.take()).toBe("still here");
});

test("a port in use is rejected, and nothing is left behind", async () => {
  await using started = await start();
  const port = Number(new URL(started.gateway.url).port);
  const dynamodbPort = Number(new URL(started.gateway.dynamodbUrl).port);
  await expect(start({ port })).rejects.toMatchObject({
    code: "PORT_IN_USE",
    message: expect.stringContaining(
      `The API cannot listen on 127.0.0.1:${port}: another program uses the port.`,
    ),
    cause: { code: "EADDRINUSE" },
  });
  const starting = start({ dynamodbPort });
  await expect(starting).rejects.toBeInstanceOf(LocalGatewayError);
  await expect(starting).rejects.toMatchObject({
    code: "PORT_IN_USE",
    message: expect.stringContaining(
      `The embedded DynamoDB cannot listen on 127.0.0.1:${dynamodbPort}: another program uses the port.`,
    ),
  });
});

test("a template that does not exist is rejected", async () => {
  await expect(start({ template: "missing.yaml" })).rejects.toThrow("missing.yaml");
});

test("a line names the functions whose runtime is another Node than the one here", async () => {
  const template = fileURLToPath(
    new URL("../applications/fixtures/envelopes/template.yaml", import.meta.url),
  );
  await using started = await start({ template });
  expect(await started.lines.take()).toBe(
    `          runtime     Node ${process.versions.node} runs InboxFunction here, and Node 20 on AWS`,
  );
});
