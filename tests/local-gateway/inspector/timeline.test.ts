import { fileURLToPath } from "node:url";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { readStream } from "./read-stream.ts";
import { NESTED, NOTES, SOON, startNotes } from "./start-notes.ts";

const GUARDED = fileURLToPath(new URL("../start/fixtures/guarded/template.yaml", import.meta.url));

test("all that a message causes has its request id, in the order in which it happens", async () => {
  await using gateway = await startNotes();
  await using stream = await readStream(gateway.inspectorUrl);
  const client = await gateway.connect(SOON);
  const { connectionId } = client;
  client.sendJson({ action: "say", text: "hello", lines: 1 });
  await client.next();
  const { requestId } = await stream.find({ kind: "result", routeKey: "say" });
  const functionId = "NotesFunction";
  const frame = { connectionId, routeKey: "say", size: 41 };
  expect(stream.ofRequest(requestId)).toMatchObject([
    { kind: "frame in", ...frame },
    { kind: "event", connectionId, routeKey: "say", functionId },
    { kind: "log", connectionId, functionId, note: "INFO" },
    { kind: "database", name: "PutItem notes", status: 200, functionId },
    { kind: "post", name: "POST", status: 200, connectionId, functionId },
    { kind: "result", status: 200, connectionId, functionId, duration: expect.any(Number) },
  ]);
  const [, event, ...caused] = stream.ofRequest(requestId);
  expect(caused.map(({ eventId }) => eventId)).toEqual(caused.map(() => event?.id));
});

test("a connection is opened and closed with its client, and a rejected one has its status", async () => {
  await using gateway = await startNotes();
  await using stream = await readStream(gateway.inspectorUrl);
  const client = await gateway.connect({ ...SOON, headers: { "User-Agent": "a test" } });
  const { connectionId } = client;
  const opened = await stream.find({ kind: "opened" });
  expect(opened).toMatchObject({
    connectionId,
    client: { stage: "dev", sourceIp: "127.0.0.1", userAgent: "a test" },
  });
  expect(stream.ofRequest(opened.requestId).map(({ kind }) => kind)).toEqual([
    "event",
    "log",
    "result",
    "opened",
  ]);
  await client.close(4001, "enough");
  expect(await stream.find({ kind: "closed" })).toMatchObject({ connectionId, status: 4001 });
  await expect(gateway.connect({ ...SOON, query: { token: "wrong" } })).rejects.toThrow();
  expect(await stream.find({ kind: "rejected" })).toMatchObject({ status: 401, failed: true });
});

test("an authorizer's event and result are those of the upgrade that it decides about", async () => {
  await using gateway = await startNotes({ template: GUARDED });
  await using stream = await readStream(gateway.inspectorUrl);
  const denied = gateway.connect({ ...SOON, query: { token: "denied" } });
  await expect(denied).rejects.toThrow();
  const { requestId, connectionId } = await stream.find({ kind: "rejected" });
  expect(stream.ofRequest(requestId)).toMatchObject([
    { kind: "event", routeKey: "authorizer", connectionId },
    { kind: "result", routeKey: "authorizer", connectionId },
    { kind: "rejected", connectionId, status: 403 },
  ]);
  await gateway.connect({ ...SOON, query: { token: "alice" } });
  expect(await stream.find({ kind: "opened" })).toMatchObject({ client: { principalId: "alice" } });
});

test("an event that a function has asked for names that function's event", async () => {
  await using gateway = await startNotes({ template: NESTED });
  await using stream = await readStream(gateway.inspectorUrl);
  const client = await gateway.connect(SOON);
  client.send("hello");
  expect(await client.next()).toBe('"inner: hello"');
  const { id } = await stream.find({ kind: "event", functionId: "OuterFunction" });
  const inner = await stream.find({ kind: "event", functionId: "InnerFunction" });
  expect(inner.causedBy).toBe(id);
});

test("what fails is marked, and says the type of the error", async () => {
  await using gateway = await startNotes({ faults: { duplicateEvent: 1 } });
  await using stream = await readStream(gateway.inspectorUrl);
  const client = await gateway.connect(SOON);
  client.sendJson({ action: "fail" });
  await client.next();
  const failed = true;
  expect(await stream.find({ kind: "result", failed })).toMatchObject({ note: "TypeError" });
  const note = "Internal server error";
  expect(await stream.find({ kind: "frame out", failed })).toMatchObject({
    note,
    routeKey: "fail",
  });
  expect(await stream.find({ kind: "fault" })).toMatchObject({ name: "duplicateEvent" });
});

test("a call that no function makes belongs to no request, and an invocation to that of Lambda", async () => {
  await using gateway = await startNotes();
  await using stream = await readStream(gateway.inspectorUrl);
  const path = "/2015-03-31/functions/local-NotesFunction/invocations";
  await signedFetch(new URL(path, gateway.managementUrl), {
    ...{ method: "POST", service: "lambda", region: "us-east-1" },
    body: JSON.stringify({ requestContext: {}, body: "{}" }),
  });
  const { requestId } = await stream.find({ kind: "event" });
  expect(requestId).toMatch(/^[\da-f-]{36}$/);
  await signedFetch(`${gateway.managementUrl}/@connections/C51DherHNjMCI3Q=`, {
    ...{ method: "POST", region: "us-east-1" },
    body: "x",
  });
  const post = await stream.find({ kind: "post" });
  expect(post).toMatchObject({ status: 410, connectionId: "C51DherHNjMCI3Q=", failed: true });
  expect(post).not.toHaveProperty("requestId");
});

test("a page that connects again receives what it has missed, and all of another run", async () => {
  await using gateway = await startNotes();
  await using stream = await readStream(gateway.inspectorUrl);
  await gateway.connect(SOON);
  await stream.find({ kind: "opened" });
  const [session = ""] = /^id: (.*)-\d+$/m.exec(stream.text)?.slice(1) ?? [];
  await using later = await readStream(gateway.inspectorUrl, "", `${session}-2`);
  await later.find({ kind: "opened" });
  expect(later.text).toMatch(/"after":2}/);
  expect(later.text).not.toContain('"id":1,');
  await using other = await readStream(gateway.inspectorUrl, "", `another-run-2`);
  await other.find({ kind: "opened" });
  expect(other.text).toContain('"id":1,');
});

test("without the option there is no inspector, and with it its port comes after the API's", async () => {
  const options = { template: `${NOTES}/template.yaml`, onLine: () => {} };
  await using plain = await startLocalGateway(options);
  expect(plain.inspectorUrl).toBeUndefined();
  const port = Number(new URL(plain.url).port);
  await plain.close();
  await using inspected = await startLocalGateway({ ...options, port, inspector: true });
  const { hostname, port: own } = new URL(inspected.inspectorUrl ?? "");
  expect(hostname).toBe("127.0.0.1");
  expect(Number(own)).toBeGreaterThanOrEqual(port + 99);
});
