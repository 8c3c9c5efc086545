import { once } from "node:events";
import { type IncomingMessage, type RequestOptions, request } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const TEMPLATE = fileURLToPath(new URL("fixtures/echo/template.yaml", import.meta.url));
const FILES = fileURLToPath(new URL("../static-files/fixtures/files", import.meta.url));
const PAGE = "https://page.example";

/** Starts the fixture's API with a folder of files; disposing stops it. */
async function start(options: Partial<LocalGatewayOptions> = {}) {
  const lines: string[] = [];
  const gateway = await startLocalGateway({
    template: TEMPLATE,
    staticDirectory: FILES,
    region: "eu-west-1",
    onLine: (line) => lines.push(line),
    ...options,
  });
  const { managementUrl, dynamodbUrl } = gateway;
  /** Signed calls of each API, as a page could send them. */
  const calls = {
    "the management API": (origin: string) =>
      signedFetch(`${managementUrl}/@connections/C51DherHNjMCI3Q=`, {
        method: "POST",
        body: "forged",
        headers: { origin },
      }),
    Lambda: (origin: string) =>
      signedFetch(new URL("/2015-03-31/functions/local-EchoFunction/invocations", managementUrl), {
        method: "POST",
        service: "lambda",
        body: "{}",
        headers: { origin },
      }),
    DynamoDB: (origin: string) =>
      signedFetch(dynamodbUrl, {
        method: "POST",
        service: "dynamodb",
        body: '{"TableName":"echoes"}',
        headers: {
          origin,
          "x-amz-target": "DynamoDB_20120810.Scan",
          "content-type": "application/x-amz-json-1.0",
        },
      }),
  };
  return { gateway, lines, calls, [Symbol.asyncDispose]: () => gateway.close() };
}

type Api = keyof Awaited<ReturnType<typeof start>>["calls"];
const APIS: readonly Api[] = ["the management API", "Lambda", "DynamoDB"];

/** Sends a request of which every header is the test's, `Host` too. */
async function send(url: string | URL, options: RequestOptions) {
  const sent = request(url, options).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  return { status: response?.statusCode, body: response && (await text(response)) };
}

describe.each(APIS)("%s", (api) => {
  test.each([
    [PAGE, `; --allow-origin ${PAGE} would accept it`],
    ["http://localhost:5173", "; --allow-origin http://localhost:5173 would accept it"],
    ["null", ""],
  ])("rejects the signed call of a page with the origin %s", async (origin, hint) => {
    await using started = await start();
    const response = await started.calls[api](origin);
    const message = `A web page may not call this API, and the request has an Origin${hint}`;
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message });
    expect([...response.headers.keys()].join()).not.toContain("access-control");
    expect(started.lines).toEqual([
      expect.stringMatching(/ {2}rejected {4}403: A web page may not/),
    ]);
  });

  test("accepts the calls of an allowed origin, and lets its page read the answers", async () => {
    await using started = await start({ allowOrigins: [PAGE] });
    const response = await started.calls[api](PAGE);
    expect(response.headers.get("access-control-allow-origin")).toBe(PAGE);
    // There is no such connection.
    expect(response.status).toBe(api === "the management API" ? 410 : 200);
    expect((await started.calls[api]("https://other.example")).status).toBe(403);
  });
});

test("a preflight request is answered for an allowed origin, and rejected for others", async () => {
  await using started = await start({ allowOrigins: [PAGE] });
  const { managementUrl, dynamodbUrl } = started.gateway;
  for (const url of [`${managementUrl}/@connections/C51DherHNjMCI3Q=`, dynamodbUrl]) {
    const ask = (origin: string) =>
      fetch(url, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,x-amz-date",
        },
      });
    const allowed = await ask(PAGE);
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": PAGE,
      "access-control-allow-headers": "authorization,x-amz-date",
      "access-control-allow-methods": "POST, GET, DELETE",
    });
    const rejected = await ask("https://other.example");
    expect(rejected.status).toBe(403);
    expect(rejected.headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("a page of any origin may connect and read the files", async () => {
  await using started = await start();
  const headers = { origin: PAGE };
  const client = await wsConnect(started.gateway.url, { headers });
  client.send("hello");
  expect(await client.messages.take()).toBe("hello");
  expect((await fetch(started.gateway.pageUrl ?? "", { headers })).status).toBe(200);
});

test.each([
  "page.example",
  "page.example:3300",
  "localhost.page.example",
  "127.0.0.1.page.example",
  "other.execute-api.eu-west-1.amazonaws.com",
  "2130706433",
])("the host %s is rejected by everything, for a page can have that name", async (host) => {
  await using started = await start();
  const { url, pageUrl = "", managementUrl, dynamodbUrl } = started.gateway;
  const rejected = { status: 403, body: expect.stringContaining("does not answer for the host") };
  for (const place of [pageUrl, managementUrl, `${managementUrl}/@connections/a`, dynamodbUrl]) {
    expect(await send(place, { headers: { host } })).toEqual(rejected);
  }
  expect(await wsRejection(url, { headers: { host } })).toMatchObject(rejected);
  expect(started.lines).toHaveLength(5);
  expect(started.lines[0]).toContain(
    `rejected    403: This gateway does not answer for the host ${host}; --allow-host`,
  );
});

test.each([
  "localhost",
  "LOCALHOST:3300",
  "127.0.0.1:3300",
  "192.168.1.20",
  "[::1]:3300",
  "host.docker.internal:3300",
  "dynamodb.eu-west-1.amazonaws.com",
  "relay.test:80",
])("the host %s is accepted", async (host) => {
  await using started = await start({ allowHosts: ["Relay.test"] });
  const { url, pageUrl = "", dynamodbUrl } = started.gateway;
  expect(await send(pageUrl, { headers: { host } })).toMatchObject({ status: 200 });
  expect(await send(dynamodbUrl, { headers: { host } })).toMatchObject({ status: 200 });
  const client = await wsConnect(url, { headers: { host } });
  client.webSocket.close();
  await client.closed;
});
