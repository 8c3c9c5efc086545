import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { rawConnection } from "../support/raw-connection.ts";
import { rawExchange } from "../support/raw-exchange.ts";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";
import { wsConnect } from "../support/ws-connect.ts";

const ECHO = {
  routes: { $default: { twoWay: true } },
  answer: ({ body }: { body?: string }) => returns({ statusCode: 200, body }),
};

/** Fails when the gateway no longer serves. */
async function expectServing(gateway: { readonly url: string }): Promise<void> {
  const client = await wsConnect(gateway.url);
  client.send("still here");
  expect(await client.messages.take()).toBe("still here");
  client.webSocket.terminate();
}

test.each([
  ["is not HTTP", "\x16\x03\x01\x02\x00", 400],
  ["has an invalid header", "GET /live HTTP/1.1\r\nHost\r\n\r\n", 400],
  ["has no Host", "GET /live HTTP/1.1\r\n\r\n", 400],
  [
    "has headers without an end",
    `GET /live HTTP/1.1\r\nHost: localhost\r\nA: ${"x".repeat(20_000)}`,
    431,
  ],
])("what %s is answered with a status and no body", async (_, bytes, status) => {
  await using gateway = await startGateway(ECHO);
  const answer = await rawExchange(gateway.port, bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*\\r\\n\\r\\n$`));
  await expectServing(gateway);
});

test("a client that is gone before the answer to its handshake harms no other", async () => {
  await using gateway = await startGateway(ECHO);
  for (const bytes of ["GET /li", upgradeRequest("/live"), upgradeRequest("/other")]) {
    const socket = connect(gateway.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(bytes);
    socket.resetAndDestroy();
    await once(socket, "close");
  }
  await expectServing(gateway);
});

test("a post that breaks off harms no connection and sends no message", async () => {
  await using gateway = await startGateway(ECHO);
  const client = await wsConnect(gateway.url);
  client.send("who");
  await client.messages.take();
  const { connectionId } = (await gateway.events.take()).requestContext;
  const socket = connect(gateway.port, "127.0.0.1");
  const path = `/live/@connections/${connectionId}`;
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf`);
  await once(socket, "connect");
  socket.destroy();
  await once(socket, "close");
  await expectServing(gateway);
  client.send("last");
  expect(await client.messages.take()).toBe("last");
});

test("a connection that is reset harms no other", async () => {
  await using gateway = await startGateway(ECHO);
  const { socket } = await rawConnection(gateway.port, "/live");
  socket.resetAndDestroy();
  await once(socket, "close");
  await expectServing(gateway);
});

test("any bytes after the upgrade end in a close or are echoed, and harm no other client", async () => {
  await using gateway = await startGateway(ECHO);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
      const { socket } = await rawConnection(gateway.port, "/live");
      socket.end(bytes);
      socket.resume();
      await once(socket, "close");
    }),
    { numRuns: 100 },
  );
  await expectServing(gateway);
});
