import { call, post, readStream } from "./read-stream.ts";
import { SOON, startNotes } from "./start-notes.ts";

/** A gateway with one client and the stream of its inspector. */
async function start() {
  const gateway = await startNotes();
  const stream = await readStream(gateway.inspectorUrl);
  const client = await gateway.connect(SOON);
  return {
    gateway,
    stream,
    client,
    /** Posts to the connection of the client, or to another one. */
    postTo: (action: string, body: object, connectionId = client.connectionId) =>
      post(gateway.inspectorUrl, `connections/${encodeURIComponent(connectionId)}/${action}`, body),
    post: (path: string) => post(gateway.inspectorUrl, path),
    call: (path: string) => call(gateway.inspectorUrl, path),
    async [Symbol.asyncDispose]() {
      await stream[Symbol.asyncDispose]();
      await gateway.close();
    },
  };
}

test("a frame is handled as if the client had sent it", async () => {
  await using started = await start();
  const { client, gateway } = started;
  expect((await started.postTo("frames", { text: '{"action":"echo"}' })).status).toBe(200);
  expect(await client.next()).toBe('{"action":"echo"}');
  const { connectionId } = client;
  expect(gateway.events({ connectionId, routeKey: "$default" })).toMatchObject([
    { event: { body: '{"action":"echo"}' } },
  ]);
});

test("a frame without a text, a frame that is too large, and one for a closed connection are rejected", async () => {
  await using started = await start();
  expect(await started.postTo("frames", {})).toMatchObject({
    status: 400,
    body: { message: "A frame needs a text." },
  });
  const large = { text: "x".repeat(128 * 1024 + 1) };
  expect(await started.postTo("frames", large)).toMatchObject({ status: 400 });
  const gone = await started.postTo("frames", { text: "x" }, "C51DherHNjMCI3Q=");
  expect(gone).toMatchObject({ status: 410 });
});

test("a connection is closed with the code and the reason, and its $disconnect has them", async () => {
  await using started = await start();
  const { client, gateway } = started;
  expect((await started.postTo("close", { code: 4321, reason: "test" })).status).toBe(200);
  expect(await client.closed).toEqual({ code: 4321, reason: "test" });
  const { connectionId } = client;
  const { event } = await gateway.waitForEvent({ connectionId, routeKey: "$disconnect" });
  expect(event).toMatchObject({ requestContext: { disconnectStatusCode: 4321 } });
  expect(await started.postTo("close", {})).toMatchObject({ status: 410 });
});

test.each([[999], [1005], [1006], [2000], [5000], ["1000"], [1000.5]])(
  "the close code %j is rejected",
  async (code) => {
    await using started = await start();
    const { status, body } = await started.postTo("close", { code });
    expect({ status, body }).toEqual({
      status: 400,
      body: { message: "A close code is 1000 to 1003, 1007 to 1014, or 3000 to 4999." },
    });
    started.client.send("open");
    expect(await started.client.next()).toBe("open");
  },
);

test("an event runs again, with its posts, and the answer shows", async () => {
  await using started = await start();
  const { client, stream } = started;
  client.sendJson({ action: "say", text: "hello" });
  const first = await client.nextJson<{ id: string }>();
  const { id } = await stream.find({ kind: "event", routeKey: "say" });
  const { status, body } = await started.post(`entries/${id}/rerun?bodies=1`);
  expect(status).toBe(200);
  expect(JSON.parse(body.content)).toEqual({ statusCode: 200 });
  const second = await client.nextJson<{ id: string }>();
  expect(second).toMatchObject({ text: "hello" });
  expect(second.id).not.toBe(first.id);
  const rerun = await stream.find({ kind: "event", rerunOf: id });
  expect(await stream.find({ kind: "result", eventId: rerun.id })).toMatchObject({ status: 200 });
});

test("an event that fails again says why only when bodies are asked for", async () => {
  await using started = await start();
  started.client.sendJson({ action: "fail" });
  await started.client.next();
  const { id } = await started.stream.find({ kind: "event", routeKey: "fail" });
  const shown = await started.post(`entries/${id}/rerun?bodies=1`);
  expect(shown.body).toMatchObject({ note: "TypeError", failed: true });
  expect(shown.body.problem).toContain('cannot use {"action":"fail"}');
  const masked = await started.post(`entries/${id}/rerun`);
  expect(JSON.stringify(masked.body)).not.toContain("cannot use");
});

test("an event is exported as a fixture, under the name of its route", async () => {
  await using started = await start();
  const { gateway, stream } = started;
  const { id } = await stream.find({ kind: "event", routeKey: "$connect" });
  const { body, headers } = await started.call(`entries/${id}/fixture`);
  expect(body).toEqual(gateway.events({ routeKey: "$connect" })[0]?.event);
  expect(headers.get("content-disposition")).toBe('attachment; filename="connect.json"');
});

test("what is not an event neither runs nor is exported, and what is not there is not found", async () => {
  await using started = await start();
  const { id } = await started.stream.find({ kind: "result" });
  expect(await started.post(`entries/${id}/rerun`)).toMatchObject({
    status: 400,
    body: { message: "This entry is not an event." },
  });
  expect((await started.call(`entries/${id}/fixture`)).status).toBe(400);
  for (const other of ["99999", "0", "-1", "x", "1e3"]) {
    expect((await started.call(`entries/${other}`)).status).toBe(404);
  }
  expect((await started.post(`entries/${id}/explode`)).status).toBe(404);
});
