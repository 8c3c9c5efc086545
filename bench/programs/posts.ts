/** The baseline of a fan-out: the SDK's client in a loop, with nothing around it. */
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { PostsCommand } from "../commands.ts";
import { answerCommands } from "../program.ts";

/** About as long as the relay's envelope with the same message. */
const LENGTH = 230;
const Data = Buffer.alloc(LENGTH, "x");
// Endpoint, region and credentials are in the environment.
const sdk = new ApiGatewayManagementApiClient();

answerCommands(async ({ ids, concurrency }: PostsCommand) => {
  const begin = performance.now();
  let begun = 0;
  const worker = async () => {
    for (let id = ids[begun++]; id !== undefined; id = ids[begun++]) {
      await sdk.send(new PostToConnectionCommand({ ConnectionId: id, Data }));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (performance.now() - begin) / 1000;
});
