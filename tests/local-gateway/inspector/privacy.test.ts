import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { call, post, readStream } from "./read-stream.ts";
import { SOON, startNotes } from "./start-notes.ts";

const SECRETS = ["a-query", "a-header", "a-body", "a-reason"];

/** A gateway in which secrets were sent, its stream, and the ids of the entries. */
async function startWithSecrets(query = "") {
  const gateway = await startNotes();
  const stream = await readStream(gateway.inspectorUrl, query);
  const client = await gateway.connect({
    ...SOON,
    query: { token: "a-query" },
    headers: { Authorization: "a-header" },
  });
  client.sendJson({ action: "say", text: "a-body" });
  await client.next();
  client.sendJson({ action: "fail", text: "a-body" });
  await client.next();
  await client.close(4000, "a-reason");
  const { id: last } = await stream.find({ kind: "closed" });
  return {
    gateway,
    stream,
    last,
    async [Symbol.asyncDispose]() {
      await stream[Symbol.asyncDispose]();
      await gateway.close();
    },
  };
}

const secretsIn = (answer: string) => SECRETS.filter((secret) => answer.includes(secret));

test("neither the stream nor an opened entry has a text that was not asked for", async () => {
  await using started = await startWithSecrets();
  const { gateway, stream, last } = started;
  expect(secretsIn(stream.text)).toEqual([]);
  const opened: string[] = [];
  for (let id = 1; id <= last; id += 1) {
    opened.push(JSON.stringify((await call(gateway.inspectorUrl, `entries/${id}`)).body));
  }
  expect(opened.join()).toContain("••••");
  expect(secretsIn(opened.join())).toEqual([]);
});

test("when bodies are asked for, the stream has their beginnings and an opened entry all of them", async () => {
  await using started = await startWithSecrets("?bodies=1");
  const { gateway, stream } = started;
  expect(secretsIn(stream.text)).toEqual(expect.arrayContaining(["a-query", "a-body", "a-reason"]));
  const { id } = await stream.find({ kind: "event", routeKey: "$connect" });
  const { body } = await call(gateway.inspectorUrl, `entries/${id}?bodies=1`);
  expect(JSON.parse(body.content)).toMatchObject({
    headers: { Authorization: "a-header" },
    queryStringParameters: { token: "a-query" },
  });
  expect(body.lines).toMatchObject([{ content: expect.stringContaining("token a-query") }]);
});

/** Headers with which a browser sends what a page elsewhere asks for. */
const FOREIGN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a foreign Origin": { origin: "https://page.example" },
  "the Origin null": { origin: "null" },
  "the Origin of another port": { origin: "http://127.0.0.1:3300" },
  "a foreign Host": { host: "page.example", origin: "http://page.example" },
  "no Origin, from another site": { "sec-fetch-site": "cross-site" },
  "no Origin, from another port": { "sec-fetch-site": "same-site" },
};

/** Sends a request of which every header is the test's, `Host` too. */
async function send(url: URL, method: string, headers: Readonly<Record<string, string>>) {
  const sent = request(url, { method, headers }).end(method === "POST" ? "{}" : undefined);
  const [response]: IncomingMessage[] = await once(sent, "response");
  const allowed = response?.headers["access-control-allow-origin"];
  return { status: response?.statusCode, allowed, body: response && (await text(response)) };
}

test.each(Object.keys(FOREIGN))(
  "a request with %s neither reads nor does anything",
  async (name) => {
    await using gateway = await startNotes({ allowOrigins: ["https://page.example"] });
    await using stream = await readStream(gateway.inspectorUrl);
    const client = await gateway.connect(SOON);
    const { id } = await stream.find({ kind: "event" });
    const connection = `connections/${encodeURIComponent(client.connectionId)}`;
    for (const [method, path] of [
      ["GET", "stream"],
      ["GET", `entries/${id}`],
      ["GET", `entries/${id}/fixture`],
      ["POST", `entries/${id}/rerun`],
      ["POST", `${connection}/frames`],
      ["POST", `${connection}/close`],
      ["OPTIONS", `${connection}/close`],
    ] as const) {
      const answer = await send(new URL(path, gateway.inspectorUrl), method, FOREIGN[name] ?? {});
      expect(answer).toMatchObject({ status: 403, allowed: undefined });
      expect(answer.body).not.toContain("requestContext");
    }
    client.send("still open");
    expect(await client.next()).toBe("still open");
    expect(gateway.events({ routeKey: "$connect" })).toHaveLength(1);
  },
);

test("a rejected request is a line of the log", async () => {
  const lines: string[] = [];
  await using gateway = await startNotes({ onLine: (line) => lines.push(line) });
  const { status } = await send(new URL("stream", gateway.inspectorUrl), "GET", {
    origin: "https://page.example",
  });
  expect(status).toBe(403);
  expect(lines).toEqual([
    expect.stringMatching(/rejected +403: A web page of another origin may not call this API$/),
  ]);
});

test("the page has a policy, cannot be framed, and a foreign Host does not get it", async () => {
  await using gateway = await startNotes();
  const { inspectorUrl } = gateway;
  const page = await fetch(inspectorUrl);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("<title>Inspector");
  expect(page.headers.get("content-security-policy")).toMatch(
    /script-src 'self'.*frame-ancestors 'none'/,
  );
  const foreign = await send(new URL(inspectorUrl), "GET", { host: "page.example" });
  expect(foreign.status).toBe(403);
});

test.each([
  "//x",
  "/%",
  "/entries/%zz",
  "/../../package.json",
  "/main.js/..%2f..",
  "*",
  "/entries//fixture",
])("the path %s is answered without an error of the gateway", async (path) => {
  const lines: string[] = [];
  await using gateway = await startNotes({ onLine: (line) => lines.push(line) });
  const { hostname, port } = new URL(gateway.inspectorUrl);
  const sent = request({ hostname, port, path }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  expect(response?.statusCode).toBe(404);
  response?.resume();
  expect(lines.filter((line) => line.includes("error"))).toEqual([]);
});

test("the page's own requests are answered", async () => {
  await using gateway = await startNotes();
  await using stream = await readStream(gateway.inspectorUrl);
  await gateway.connect(SOON);
  const { id } = await stream.find({ kind: "event" });
  expect((await post(gateway.inspectorUrl, `entries/${id}/rerun`)).status).toBe(200);
  const own = { "sec-fetch-site": "same-origin" };
  const url = new URL(`entries/${id}`, gateway.inspectorUrl);
  expect((await send(url, "GET", own)).status).toBe(200);
});
