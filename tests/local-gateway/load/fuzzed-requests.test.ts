import { connect } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { startGateway } from "../support/start-gateway.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";
import { wsConnect } from "../support/ws-connect.ts";

/** What no stranger may learn: where files are, what the program is made of, where it broke. */
const LEAKED =
  /node_modules|file:\/\/|\.[cm]?[jt]s\b|\bat \S+ \(|Error:|node\/|\/home|\/tmp|undefined/i;

/** A request with some bytes of it replaced, removed or doubled. */
const broken = fc
  .record({
    request: fc.constantFrom(
      upgradeRequest("/live"),
      "POST /live/@connections/abcdefghijklmno= HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi",
      "GET /live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ),
    edits: fc.array(
      fc.record({
        at: fc.nat(300),
        remove: fc.nat(20),
        insert: fc.uint8Array({ maxLength: 20 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ request, edits }) =>
    edits.reduce((bytes, { at, remove, insert }) => {
      const start = at % bytes.length;
      return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
    }, Buffer.from(request)),
  );

test("any broken request is answered with a status or cut, reveals nothing and harms no other client", async () => {
  await using gateway = await startGateway({ headersTimeout: 0.5 });
  const bystander = await wsConnect(gateway.url);
  await fc.assert(
    fc.asyncProperty(broken, async (bytes) => {
      const socket = connect(gateway.port, "127.0.0.1");
      // Half-closed, so that a request which waits for more is not waited for.
      socket.end(bytes);
      const answer = await text(socket).catch(() => "");
      expect(answer).toMatch(
        /^(HTTP\/1\.1 (101|400|403|405|408|411|413|414|417|426|431|505) .*)?$/s,
      );
      expect(answer).not.toMatch(LEAKED);
    }),
    { numRuns: 1000 },
  );
  expect(bystander.webSocket.readyState).toBe(bystander.webSocket.OPEN);
  await wsConnect(gateway.url);
}, 30_000);
