import { env } from "node:process";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

const managementApi = new ApiGatewayManagementApiClient({ maxAttempts: 1 });

/** Posts a text to a connection; the name of the error, or "accepted". */
export async function post(ConnectionId, Data) {
  return await outcomeOf(new PostToConnectionCommand({ ConnectionId, Data }));
}

/** Closes a connection; the name of the error, or "accepted". */
export async function remove(ConnectionId) {
  return await outcomeOf(new DeleteConnectionCommand({ ConnectionId }));
}

/** Posts to the path with `@connections` twice; the error's name and message, or "accepted". */
export async function postToWrongPath(ConnectionId) {
  // biome-ignore lint/style/noProcessEnv: a Lambda function has its configuration there.
  const endpoint = `${env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI}/@connections`;
  const misdirected = new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 1 });
  try {
    await misdirected.send(new PostToConnectionCommand({ ConnectionId, Data: "anyone there?" }));
    return "accepted";
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

async function outcomeOf(command) {
  try {
    await managementApi.send(command);
    return "accepted";
  } catch (error) {
    return error.name;
  }
}
