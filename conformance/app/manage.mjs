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

async function outcomeOf(command) {
  try {
    await managementApi.send(command);
    return "accepted";
  } catch (error) {
    return error.name;
  }
}
