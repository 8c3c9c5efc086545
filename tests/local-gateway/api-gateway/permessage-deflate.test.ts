import { once } from "node:events";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { rawConnection } from "../support/raw-connection.ts";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { type WsClient, wsConnect } from "../support/ws-connect.ts";

const KB = 1024;
const ECHO = {
  routes: { $default: { twoWay: true }, $disconnect: {} },
  answer: ({ body }: { body?: string }) => returns({ statusCode: 200, body }),
};
const OFFER = { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" };
/** The bits of a frame's first byte. */
const FIN = 0x80;
const RSV1 = 0x40;
const TEXT = 1;

/** A frame with a mask of zeros, so that its payload is what goes over the wire. */
function frame(first: number, payload: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  return Buffer.concat([Buffer.from([first, 0xfe]), length, Buffer.alloc(4), payload]);
}

/** Text as the extension sends it: one raw block, without the four bytes that every message would end in. */
function deflated(text: string | Buffer): Buffer {
  return deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4);
}

function write({ webSocket }: WsClient, ...frames: readonly Buffer[]): void {
  Reflect.get(webSocket, "_socket").write(Buffer.concat(frames));
}

describe("permessage-deflate is negotiated as on API Gateway:", () => {
  test.each([
    [
      "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
      "permessage-deflate;server_max_window_bits=12",
    ],
    ["permessage-deflate; client_max_window_bits", "permessage-deflate"],
    ["permessage-deflate", "permessage-deflate"],
    ["permessage-deflate; client_max_window_bits=9", "permessage-deflate"],
    ["permessage-deflate; client_no_context_takeover", "permessage-deflate"],
    ["permessage-deflate; server_max_window_bits=15", "permessage-deflate"],
    [
      'permessage-deflate; server_max_window_bits="8"',
      "permessage-deflate;server_max_window_bits=8",
    ],
    [
      "x-other, permessage-deflate; server_no_context_takeover, permessage-deflate; server_max_window_bits=10, permessage-deflate",
      "permessage-deflate;server_max_window_bits=10",
    ],
  ])("%s", async (offer, answer) => {
    await using gateway = await startGateway(ECHO);
    const headers = { "Sec-WebSocket-Extensions": offer };
    const connection = await rawConnection(gateway.port, "/live", headers);
    connection.socket.destroy();
    const lines = connection.answer.split("\r\n");
    expect(lines.filter((line) => /extensions/i.test(line))).toEqual([
      `Sec-WebSocket-Extensions: ${answer}`,
    ]);
  });

  test.each([
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; server_max_window_bits",
    "permessage-deflate; server_max_window_bits=7",
    "permessage-deflate; server_max_window_bits=16",
    "permessage-deflate; mystery",
    "permessage-deflate;",
    "Permessage-Deflate",
    "x-webkit-deflate-frame",
    "permessage-deflate=",
    ', ; =",";',
    "",
  ])("the offer %p is not accepted, and the upgrade succeeds", async (offer) => {
    await using gateway = await startGateway(ECHO);
    const headers = { "Sec-WebSocket-Extensions": offer };
    const connection = await rawConnection(gateway.port, "/live", headers);
    connection.socket.destroy();
    expect(connection.answer).toMatch(/^HTTP\/1\.1 101 /);
    expect(connection.answer).not.toMatch(/extensions/i);
  });

  test("the function gets the offer as the client wrote it", async () => {
    await using gateway = await startGateway({ routes: { $connect: {} } });
    const connection = await rawConnection(gateway.port, "/live", OFFER);
    connection.socket.destroy();
    expect((await gateway.events.take()).headers).toMatchObject(OFFER);
  });
});

describe("on a connection with permessage-deflate", () => {
  test("compressed messages, in one frame or several, reach their function as the text they were", async () => {
    await using gateway = await startGateway(ECHO);
    const { webSocket, messages } = await wsConnect(gateway.url, { perMessageDeflate: true });
    for (const text of ["a text of many equal words ".repeat(100), "a text of many", ""]) {
      webSocket.send(text, { compress: true });
      expect(await messages.take()).toBe(text);
    }
    webSocket.send("in two ", { compress: true, fin: false });
    webSocket.send("frames", { fin: true });
    expect(await messages.take()).toBe("in two frames");
    webSocket.send("as it is", { compress: false });
    expect(await messages.take()).toBe("as it is");
  });

  test("the gateway itself never compresses", async () => {
    await using gateway = await startGateway(ECHO);
    const { socket } = await rawConnection(gateway.port, "/live", OFFER);
    socket.write(frame(FIN | RSV1 | TEXT, deflated("x".repeat(2_000))));
    const [answer] = await once(socket, "data");
    expect(answer[0]).toBe(FIN | TEXT);
    socket.destroy();
  });

  test("32 KB are counted as they come over the wire, 128 KB as they are inflated", async () => {
    await using gateway = await startGateway({
      ...ECHO,
      answer: ({ body = "" }) => returns({ statusCode: 200, body: String(body.length) }),
    });
    const client = await wsConnect(gateway.url, { perMessageDeflate: true });
    client.send("x".repeat(128 * KB));
    expect(await client.messages.take()).toBe("131072");
    client.send("x".repeat(128 * KB + 1));
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  test("a frame that inflates to megabytes closes with 1009 and reaches no function", async () => {
    await using gateway = await startGateway(ECHO);
    const client = await wsConnect(gateway.url, { perMessageDeflate: true });
    write(client, frame(FIN | RSV1 | TEXT, deflated(Buffer.alloc(30 * KB * KB, "x"))));
    expect(await client.closed).toMatchObject({ code: 1009 });
    expect((await gateway.events.take()).requestContext).toMatchObject({
      eventType: "DISCONNECT",
      disconnectStatusCode: 1009,
    });
  });

  test("small frames that inflate to more than 8 MB, all at once, close with 1008", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using gateway = await startGateway({
      ...ECHO,
      answer: ({ requestContext }) =>
        requestContext.eventType === "MESSAGE"
          ? promise.then(() => returns({ statusCode: 200 }))
          : returns({ statusCode: 200 }),
    });
    const client = await wsConnect(gateway.url, { perMessageDeflate: true });
    const large = frame(FIN | RSV1 | TEXT, deflated("x".repeat(128 * KB)));
    write(client, ...Array.from({ length: 200 }, () => large));
    expect(await client.closed).toMatchObject({ code: 1008 });
    resolve();
    let messages = 0;
    while ((await gateway.events.take()).requestContext.eventType === "MESSAGE") {
      messages += 1;
    }
    expect(messages).toBe(64);
  });

  test("a frame that cannot be inflated closes with 1007, and the console says why", async () => {
    await using gateway = await startGateway(ECHO);
    const client = await wsConnect(gateway.url, { perMessageDeflate: true });
    write(client, frame(FIN | RSV1 | TEXT, Buffer.from([0xff, 0xff, 0xff])));
    expect(await client.closed).toMatchObject({ code: 1007 });
    expect(await gateway.observations.take()).toMatchObject({ kind: "connected" });
    expect(await gateway.observations.take()).toMatchObject({
      cause: { code: 1007, explanation: "compressed text that cannot be inflated" },
    });
  });

  test("inflated text that is not UTF-8 closes with 1007", async () => {
    await using gateway = await startGateway(ECHO);
    const client = await wsConnect(gateway.url, { perMessageDeflate: true });
    write(client, frame(FIN | RSV1 | TEXT, deflated(Buffer.from([0xc3, 0x28]))));
    expect(await client.closed).toMatchObject({ code: 1007 });
  });

  test.each([
    ["an oversized frame", 1009, frame(FIN | TEXT, Buffer.alloc(33 * KB, "x"))],
    ["a binary frame", 1003, frame(FIN | 2, Buffer.from("x"))],
  ])("messages in front of %s still reach their function", async (_what, code, bad) => {
    await using gateway = await startGateway(ECHO);
    const client = await wsConnect(gateway.url, { perMessageDeflate: true });
    const good = ["one", "two"].map((text) => frame(FIN | RSV1 | TEXT, deflated(text)));
    write(client, ...good, bad);
    expect(await client.closed).toMatchObject({ code });
    const bodies: unknown[] = [];
    let event = await gateway.events.take();
    while (event.requestContext.eventType === "MESSAGE") {
      bodies.push(event.body);
      event = await gateway.events.take();
    }
    expect(bodies).toEqual(["one", "two"]);
    expect(event.requestContext.disconnectStatusCode).toBe(code);
  });

  test("any bytes in compressed frames end in a close or an answer, and harm no other client", async () => {
    await using gateway = await startGateway(ECHO);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 60 })), { minLength: 1 }),
        async (frames) => {
          const { socket } = await rawConnection(gateway.port, "/live", OFFER);
          socket.end(
            Buffer.concat(
              frames.map(([first, payload]) => frame(first | RSV1, Buffer.from(payload))),
            ),
          );
          socket.resume();
          await once(socket, "close");
        },
      ),
      { numRuns: 100 },
    );
    const client = await wsConnect(gateway.url, { perMessageDeflate: true });
    client.send("still here".repeat(200));
    expect(await client.messages.take()).toBe("still here".repeat(200));
  });
});

test("a compressed frame without permessage-deflate closes with 1002", async () => {
  await using gateway = await startGateway(ECHO);
  const client = await wsConnect(gateway.url);
  write(client, frame(FIN | RSV1 | TEXT, deflated("hi")));
  expect(await client.closed).toMatchObject({ code: 1002 });
});
