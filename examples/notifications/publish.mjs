import { randomUUID } from "node:crypto";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

/**
 * The backend: publishes a notification to a user's connections by invoking the relay's function, and prints how many there
 * are. Region, credentials and endpoint come from the environment, as for each client of the SDK.
 */
const { RELAY_FUNCTION } = process.env;
const [user, text] = process.argv.slice(2);

if (RELAY_FUNCTION === undefined || user === undefined || text === undefined) {
  console.error("Usage: RELAY_FUNCTION=name node publish.mjs USER TEXT");
  process.exit(2);
}

const publish = { to: { user }, data: { text }, id: randomUUID(), from: "billing" };
const { FunctionError, Payload } = await new LambdaClient().send(
  new InvokeCommand({ FunctionName: RELAY_FUNCTION, Payload: JSON.stringify({ publish }) }),
);
const answer = JSON.parse(Payload.transformToString());

if (FunctionError !== undefined) {
  console.error(`The relay's function failed: ${answer.errorMessage}`);
  process.exitCode = 1;
} else if (answer.relay === "receipt") {
  console.log(`Delivered: ${answer.delivered}. Gone: ${answer.gone}. Failed: ${answer.failed}.`);
} else if (answer.code === "TARGET_GONE") {
  // Nobody is connected: this is where you send an e-mail, or store the notification for later.
  console.log(`${user} is not connected.`);
} else {
  console.error(`${answer.code}: ${answer.message}`);
  process.exitCode = 1;
}
