import { fileURLToPath } from "node:url";
import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";
import { Inbox } from "../support/inbox.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const TEMPLATE = fileURLToPath(new URL("fixtures/guarded/template.yaml", import.meta.url));

/** Starts the fixture's API with its authorizer; disposing stops it. */
async function start(options: Partial<LocalGatewayOptions> = {}) {
  const lines = new Inbox<string>();
  const gateway = await startLocalGateway({
    template: TEMPLATE,
    onLine: (line) => lines.put(line),
    ...options,
  });
  /** The next line of the gateway's own with this verb; a function's lines are passed over. */
  const lineOf = async (verb: string) => {
    let line = await lines.take();
    while (!new RegExp(`^.{8}  ${verb} `).test(line)) {
      line = await lines.take();
    }
    return line;
  };
  return { url: gateway.url, lineOf, [Symbol.asyncDispose]: () => gateway.close() };
}

test("a template's authorizer decides who connects, and events say who it was", async () => {
  await using gateway = await start();
  const client = await wsConnect(`${gateway.url}?token=alice`);
  client.send("who am i");
  expect(JSON.parse(await client.messages.take())).toEqual({ principalId: "alice", level: "7" });
  expect(await wsRejection(`${gateway.url}?token=denied`)).toMatchObject({ status: 403 });
  expect(await wsRejection(`${gateway.url}?token=wrong`)).toMatchObject({ status: 401 });
  expect(await wsRejection(gateway.url)).toMatchObject({ status: 401 });
  expect(await gateway.lineOf("rejected")).toMatch(/ 403: the authorizer's policy denies it$/);
  expect(await gateway.lineOf("rejected")).toMatch(
    / 401: the authorizer's error says Unauthorized$/,
  );
  expect(await gateway.lineOf("rejected")).toMatch(
    / 401: the authorizer's identity source route\.request\.querystring\.token is missing$/,
  );
});

test("a message that ends in an error frame is logged with the frame and its cause", async () => {
  await using gateway = await start();
  const client = await wsConnect(`${gateway.url}?token=alice`);
  client.send('{"action":"fail"}');
  expect(await gateway.lineOf("message")).toMatch(
    /message {5}fail +17 bytes +\d+ ms {2}Internal server error: TypeError: boom$/,
  );
  client.send('{"action":"once"}');
  client.send('{"action":"once"}');
  expect(await gateway.lineOf("message")).toMatch(
    /once +17 bytes +\d+ ms {2}Too Many Requests: once is throttled at 0 a second, burst 1 \(RouteSettings\)$/,
  );
});

test("the texts of messages and answers are logged on demand only", async () => {
  await using discreet = await start();
  const one = await wsConnect(`${discreet.url}?token=alice`);
  one.send("who am i");
  expect(await discreet.lineOf("message")).toMatch(/\$default +8 bytes +\d+ ms$/);
  expect(await discreet.lineOf("answer")).toMatch(/ bytes$/);
  await using open = await start({ logBodies: true });
  const two = await wsConnect(`${open.url}?token=alice`);
  two.send("who am i");
  expect(await open.lineOf("message")).toMatch(/\$default +8 bytes +\d+ ms {2}who am i$/);
  expect(await open.lineOf("answer")).toContain("alice");
});
