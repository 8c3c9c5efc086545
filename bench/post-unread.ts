import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { WebSocket } from "ws";

/** Milliseconds until a rejected post is tried again. */
const PATIENCE = 50;
const PIECE = Buffer.alloc(64 * 1024, "x");

/**
 * Posts to a client that does not read until a post is no longer possible. Resolves with how many posts had which
 * outcome.
 */
export async function postUnread(
  webSocket: WebSocket,
  managementUrl: string,
): Promise<Record<string, number>> {
  const sdk = new ApiGatewayManagementApiClient({
    region: "us-east-1",
    endpoint: managementUrl,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const answered = once(webSocket, "message");
  webSocket.send("id");
  const ConnectionId = String((await answered)[0]);
  webSocket.pause();
  const post = new PostToConnectionCommand({ ConnectionId, Data: PIECE });
  const outcomes: Record<string, number> = {};
  let outcome = "accepted";
  while (outcome === "accepted" || outcome === "LimitExceededException") {
    outcome = await sdk.send(post).then(
      () => "accepted",
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    await (outcome !== "accepted" && wait(PATIENCE));
  }
  sdk.destroy();
  webSocket.terminate();
  return outcomes;
}
