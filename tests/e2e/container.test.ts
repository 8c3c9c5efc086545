import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { startLocalGateway } from "../../local-gateway/index.ts";
import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { readEvent } from "../support/read-event.ts";

const CONTAINER = join(import.meta.dirname, "fixtures", "container.ts");
const run = promisify(execFile);

/** The variables of the documented `sam local invoke`, with the ports of a gateway instead of the usual ones. */
function variables(gateway: { readonly managementUrl: string; readonly dynamodbUrl: string }) {
  const portOf = (url: string) => new URL(url).port;
  const text = readFileSync("events/env-vars.json", "utf8")
    .replace(":3300", `:${portOf(gateway.managementUrl)}`)
    .replace(":3301", `:${portOf(gateway.dynamodbUrl)}`);
  const { RelayFunction } = JSON.parse(text);
  const credentials = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  // The container sets these, as Lambda does.
  const lambda = { AWS_REGION: "us-east-1", AWS_LAMBDA_FUNCTION_NAME: "RelayFunction" };
  return { ...RelayFunction, ...credentials, ...lambda };
}

test("a function in a container reaches the table and the connections as host.docker.internal", async () => {
  await using stack = new AsyncDisposableStack();
  const gateway = await startLocalGateway({ template: "template.yaml", onLine: () => {} });
  stack.defer(() => gateway.close());
  const env = variables(gateway);
  const invoke = async (event: object) => {
    const { stdout } = await run(process.execPath, [CONTAINER, JSON.stringify(event)], { env });
    return stdout.trim().split("\n").at(-1);
  };
  const dynamodb = new DynamoDBClient({
    endpoint: gateway.dynamodbUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  stack.defer(() => dynamodb.destroy());
  const connectionIds = async () => {
    const scan = new ScanCommand({ TableName: gateway.tableNames[0] });
    const { Items = [] } = await dynamodb.send(scan);
    return Items.map(({ connectionId }) => connectionId?.S);
  };
  const client = await wsConnect(gateway.url);
  const [connectionId = ""] = await connectionIds();

  expect(await invoke(readEvent("connect"))).toContain('"statusCode":200');
  expect(await connectionIds()).toContain(readEvent("connect").requestContext.connectionId);

  const { requestContext, ...whoAmI } = readEvent("who-am-i");
  await invoke({ ...whoAmI, requestContext: { ...requestContext, connectionId } });
  expect(await client.messages.take()).toContain(connectionId);
});
