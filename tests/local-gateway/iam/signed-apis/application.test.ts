import { fileURLToPath } from "node:url";
import { startLocalGateway } from "../../../../local-gateway/index.ts";
import { wsConnect } from "../../support/ws-connect.ts";

const TEMPLATE = fileURLToPath(new URL("fixtures/template.yaml", import.meta.url));
const TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/people";
const DONE = { table: "done", index: "done", connection: "done" };

/** Starts the fixture's functions, which try all signed APIs, and a client. */
async function start() {
  const lines: string[] = [];
  const gateway = await startLocalGateway({
    template: TEMPLATE,
    region: "eu-west-1",
    onLine: (line) => lines.push(line),
  });
  const client = await wsConnect(gateway.url);
  return {
    lines,
    client,
    ask: (name: string) => client.send(JSON.stringify({ function: name })),
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

test("a function with the right policies uses the table, its index and the connections", async () => {
  await using application = await start();
  application.ask("careful");
  expect(await application.client.messages.take()).toBe("posted");
  expect(JSON.parse(await application.client.messages.take())).toEqual(DONE);
  expect(application.lines.join("\n")).not.toContain("may not");
});

test("a function whose permissions were forgotten is denied by every signed API, and the lines say why", async () => {
  await using application = await start();
  application.ask("forgetful");
  const outcomes = JSON.parse(await application.client.messages.take());
  const user =
    "User: arn:aws:sts::123456789012:assumed-role/local-ForgetfulFunctionRole/local-ForgetfulFunction";
  const denied = `AccessDeniedException: ${user} is not authorized to perform:`;
  expect(outcomes).toEqual({
    table: `${denied} dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
    index: `${denied} dynamodb:Query on resource: ${TABLE}/index/byId because no identity-based policy allows the dynamodb:Query action`,
    connection: expect.stringMatching(
      /^AccessDeniedException: .+ execute-api:ManageConnections on resource: arn:aws:execute-api:eu-west-1:\*{8}9012:\w+\/live\/POST\/@connections\/\{connectionId\}$/,
    ),
  });
  const text = application.lines.join("\n");
  expect(text).toContain(
    `dynamodb    PutItem rejected: ForgetfulFunction may not dynamodb:PutItem on ${TABLE}: add it to the function's policies`,
  );
  expect(text).toMatch(
    /post {8}403: ForgetfulFunction may not execute-api:ManageConnections on arn:\S+\/live\/POST\/@connections\/[\w-]{15}=: add it to the function's policies/,
  );
});

test("a function with a role of somewhere else may do everything, and a line says so at the start", async () => {
  await using application = await start();
  expect(application.lines[0]).toMatch(
    /role +ForeignFunction may do everything here: its role arn:aws:iam::210987654321:role\/ours is not in the template$/,
  );
  application.ask("foreign");
  expect(await application.client.messages.take()).toBe("posted");
  expect(JSON.parse(await application.client.messages.take())).toEqual(DONE);
});
