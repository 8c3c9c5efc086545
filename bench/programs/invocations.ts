/** The process of a warm execution environment: invokes the built function, and for comparison the SDK alone. */
import { readFile } from "node:fs/promises";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { InvocationsCommand } from "../commands.ts";
import { answerCommands } from "../program.ts";

const [, , bundle = "", eventFile = ""] = process.argv;
/** The time that Lambda says is left, in milliseconds. */
const REMAINING = 20_000;

const text = await readFile(eventFile, "utf8");
const { data, forward } = JSON.parse(JSON.parse(text).body);
const context = { awsRequestId: "request", getRemainingTimeInMillis: () => REMAINING };
const { handler } = await import(bundle);
// Its endpoint and its credentials are in the environment, as they are for the function.
const sdk = new ApiGatewayManagementApiClient();

async function invoke(event: object): Promise<void> {
  const { statusCode } = await handler(event, context);
  if (statusCode !== 200) {
    throw new Error(`The function answered ${statusCode}.`);
  }
}

async function post(): Promise<void> {
  await sdk.send(new PostToConnectionCommand({ ConnectionId: forward, Data: Buffer.from(data) }));
}

answerCommands(async (command: InvocationsCommand) => {
  const act = command.do === "invoke" ? invoke : post;
  // Each invocation has an event of its own, as on Lambda: middlewares change it.
  const events = Array.from({ length: command.times }, () => JSON.parse(text));
  const begin = performance.now();
  for (const event of events) {
    await act(event);
  }
  return (performance.now() - begin) / 1000;
});
