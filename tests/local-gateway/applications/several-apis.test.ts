import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { commandVariables } from "../../../local-gateway/cli/exec.ts";
import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";
import { LogLines } from "../lambda/log-lines.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const template = fileURLToPath(new URL("fixtures/several/template.yaml", import.meta.url));

async function start(options: Partial<LocalGatewayOptions> = {}) {
  const lines = new LogLines();
  const gateway = await startLocalGateway({
    template,
    onLine: (line) => lines.add(line),
    ...options,
  });
  const urls = new Map<string, string>(
    gateway.apis.flatMap(({ logicalId, stages }) =>
      stages.map(({ name, url }) => [`${logicalId} ${name}`, url]),
    ),
  );
  return {
    gateway,
    lines,
    connect: async (stage: string) => await wsConnect(urls.get(stage) ?? ""),
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

test("each API has a port of its own, and its stages share it", async () => {
  await using application = await start();
  const { gateway } = application;
  const [chat, audit] = gateway.apis.map(({ url }) => new URL(url).host);
  expect(chat).not.toBe(audit);
  const stage = (host: string | undefined, name: string) => ({
    name,
    url: `ws://${host}/${name}`,
    managementUrl: `http://${host}/${name}`,
  });
  const { name: _name, ...chatUrls } = stage(chat, "dev");
  const { name: _other, ...auditUrls } = stage(audit, "dev");
  expect(gateway.apis).toEqual([
    { logicalId: "Chat", ...chatUrls, stages: [stage(chat, "dev"), stage(chat, "test")] },
    { logicalId: "Audit", ...auditUrls, stages: [stage(audit, "dev")] },
  ]);
  expect(gateway).toMatchObject(chatUrls);
});

/** Starts on a port whose next one is taken; tries again when another program is faster. */
async function startBeforeTakenPort() {
  for (;;) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port: taken } = server.address() as AddressInfo;
    try {
      const application = await start({ port: taken - 1 });
      return { application, taken, server };
    } catch (error) {
      server.close();
      expect(error).toMatchObject({ code: "PORT_IN_USE" });
    }
  }
}

test("a second API takes the next port that is free", async () => {
  const { application, taken, server } = await startBeforeTakenPort();
  const [chat, audit] = application.gateway.apis.map(({ url }) => Number(new URL(url).port));
  server.close();
  await application.gateway.close();
  expect(chat).toBe(taken - 1);
  expect(audit).toBeGreaterThan(taken);
});

test("api and stage choose what runs", async () => {
  await using application = await start({ api: "Chat", stage: "test" });
  const { apis, url } = application.gateway;
  expect(apis).toMatchObject([{ logicalId: "Chat", stages: [{ name: "test" }] }]);
  expect(await wsRejection(url.replace("/test", "/dev"))).toMatchObject({ status: 403 });
});

test("a MOCK integration accepts a client and answers ping, and no function runs", async () => {
  await using application = await start();
  const client = await application.connect("Chat test");
  client.send('{"action":"silent"}');
  client.send('{"action":"ping"}');
  expect(await client.messages.take()).toBe('{"type":"pong"}');
  client.send('{"action":"unanswered"}');
  expect(JSON.parse(await client.messages.take())).toMatchObject({
    message: "Internal server error",
  });
  await application.lines.find("no integration response for the status 200");
});

test.each([
  ["Chat dev", "talk", "event", ["by event", "talk"]],
  ["Chat test", "talk", "event", ["by event", "talk"]],
  ["Audit dev", "talk", "event", ["by event", "talk"]],
  // Its variable has the first stage that it is behind.
  ["Chat dev", "talk", "variable", ["by variable", "talk"]],
  ["Audit dev", "talk", "variable", ["GoneException"]],
  ["Audit dev", "own", "variable", ["by variable", "own"]],
  // The template itself says that it is another API.
  ["Audit dev", "named", "variable", ["GoneException"]],
])("a client of %s makes %s post by its %s: %j", async (stage, action, by, answers) => {
  await using application = await start();
  const client = await application.connect(stage);
  client.send(JSON.stringify({ action, by }));
  const received: string[] = [];
  for (const _ of answers) {
    received.push(await client.messages.take());
  }
  expect(received).toEqual(answers);
});

test("the management API of another stage, or of another API, does not reach a connection", async () => {
  await using application = await start();
  const { gateway } = application;
  const client = await application.connect("Chat dev");
  client.send('{"by":"id"}');
  const id = await client.messages.take();
  expect(gateway.connections).toBe(1);
  const stages = gateway.apis.flatMap((api) => api.stages);
  const answers = await Promise.all(
    stages.map(({ managementUrl }) =>
      signedFetch(`${managementUrl}/@connections/${id}`, { region: "us-east-1" }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 410, 410]);
});

test("a path of no stage is rejected with the stages that there are", async () => {
  await using application = await start();
  const { url, managementUrl } = application.gateway;
  expect(await wsRejection(url.replace("/dev", "/live"))).toMatchObject({ status: 403 });
  await application.lines.find("not the path of the stage, /dev or /test");
  const other = managementUrl.replace("/dev", "/live");
  expect((await fetch(`${other}/@connections/AAAAAAAAAAAAAAA=`)).status).toBe(403);
  await application.lines.find(
    "the stage is dev or test, not live; the right path is /{stage}/@connections/{connectionId}",
  );
});

test("the command of exec finds every API and stage in a variable of its own", async () => {
  await using application = await start();
  const { gateway } = application;
  const [chat, audit] = gateway.apis;
  expect(commandVariables(gateway)).toMatchObject({
    WEBSOCKET_API_URL: chat?.url,
    WEBSOCKET_API_URL_Chat: chat?.url,
    WEBSOCKET_API_URL_Chat_test: chat?.stages[1]?.url,
    WEBSOCKET_API_URL_Audit: audit?.url,
    MANAGEMENT_API_URL_Audit_dev: audit?.managementUrl,
  });
});

test("the functions can be invoked on the port of each API", async () => {
  await using application = await start();
  const statuses = application.gateway.apis.map(async ({ managementUrl }) => {
    const url = new URL("/2015-03-31/functions/own/invocations", managementUrl);
    const call = { method: "POST", service: "lambda", region: "us-east-1", body: "{}" };
    return (await signedFetch(url, call)).status;
  });
  expect(await Promise.all(statuses)).toEqual([200, 200]);
});

test("a stop closes the clients of every API", async () => {
  const application = await start();
  const clients = [await application.connect("Chat test"), await application.connect("Audit dev")];
  await application.gateway.close();
  const codes = await Promise.all(clients.map(async ({ closed }) => (await closed).code));
  expect(codes).toEqual([1001, 1001]);
});
