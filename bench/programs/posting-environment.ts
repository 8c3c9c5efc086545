/** The environment of the baseline `same-path.ts`: posts what it is given, and says when it is free for the next. */
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

// Endpoint, region and credentials are in the environment.
const sdk = new ApiGatewayManagementApiClient();

process.on("message", async ({ sender, body }: { sender: string; body: string }) => {
  const { data, forward } = JSON.parse(body);
  const [ConnectionId, text] =
    forward === undefined ? [sender, `YOUR ID: ${sender}`] : [forward, data];
  await sdk.send(new PostToConnectionCommand({ ConnectionId, Data: Buffer.from(text) }));
  process.send?.("free");
});
process.on("disconnect", () => process.exit());
