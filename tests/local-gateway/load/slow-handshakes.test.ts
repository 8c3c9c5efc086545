import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";
import { wsConnect } from "../support/ws-connect.ts";

test.each([
  ["says nothing", ""],
  ["stops in the middle of its request line", "GET /li"],
  ["stops in the middle of its headers", "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgra"],
])("a client that %s is cut", async (_, bytes) => {
  await using gateway = await startGateway({ headersTimeout: 0.05 });
  const socket = connect(gateway.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes);
  expect(await text(socket)).toMatch(/^(HTTP\/1\.1 408 Request Timeout\r\n.*\r\n\r\n)?$/s);
  expect(gateway.events.size).toBe(0);
});

test("a client that sends its headers byte by byte is cut", async () => {
  await using gateway = await startGateway({ headersTimeout: 0.05 });
  const socket = connect(gateway.port, "127.0.0.1");
  socket.on("error", () => {});
  const answer = text(socket).catch(() => "");
  socket.write("GET /live HTTP/1.1\r\nHost: localhost\r\nA: ");
  let writing = true;
  const drip = () => {
    if (writing && socket.writable) {
      socket.write("a", () => setImmediate(drip));
    }
  };
  drip();
  expect(await answer).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
  writing = false;
  expect(gateway.events.size).toBe(0);
});

test("the limit is for the handshake only", async () => {
  await using gateway = await startGateway({ headersTimeout: 0.05 });
  const client = await wsConnect(gateway.url);
  const silent = connect(gateway.port, "127.0.0.1");
  await once(silent, "connect");
  silent.resume();
  // Once the silent one is cut, the limit has passed for the other one too.
  await once(silent, "close");
  expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
});

test("a client that half-closes while its $connect runs harms no other", async () => {
  await using gateway = await startGateway();
  const socket = connect(gateway.port, "127.0.0.1");
  socket.end(upgradeRequest("/live"));
  socket.resume();
  await once(socket, "close");
  expect((await gateway.events.take()).requestContext.routeKey).toBe("$connect");
  expect((await gateway.events.take()).requestContext.routeKey).toBe("$disconnect");
});

test("an upgrade may wait for its $connect longer than the limit", async () => {
  const { promise: gate, resolve } = Promise.withResolvers<void>();
  await using gateway = await startGateway({
    headersTimeout: 0.05,
    answer: async () => {
      await gate;
      return returns({ statusCode: 200 });
    },
  });
  const connecting = wsConnect(gateway.url);
  await gateway.events.take();
  const silent = connect(gateway.port, "127.0.0.1");
  silent.resume();
  await once(silent, "close");
  resolve();
  await connecting;
});
